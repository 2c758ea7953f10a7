"""The main job through the real command line: what one run leaves, and what a sweep runs."""

import csv
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

from tests.conftest import SMALL, Train, run_train, runs, status

FILES = ["command.txt", "config.yaml", "curves.png", "environment.json", "log.txt"]
FILES += ["metrics.csv", "metrics.json", "status.json"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One whole run, for the tests that look at what it left."""
    folder = tmp_path_factory.mktemp("caller")
    result = run_train(folder, *SMALL, "model.hidden=[8,4]")
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    (found,) = runs(folder)
    (found / "stdout.txt").write_text(result.stdout)
    return found


def test_a_run_leaves_every_file_in_the_callers_folder(run: Path) -> None:
    assert set(FILES) | {"checkpoints", "tensorboard"} == {path.name for path in run.iterdir()} - {
        "stdout.txt"
    }
    kept = {path.name for path in (run / "checkpoints").iterdir()}
    assert kept == {"best.ckpt", "best.ckpt.sha256", "last.ckpt", "last.ckpt.sha256", "previous"}
    assert status(run)["status"] == "done"
    assert status(run)["overrides"] == [*SMALL, "model.hidden=[8,4]"]


def test_the_terminal_ends_with_results_folder_and_next_step(run: Path) -> None:
    *epochs, best, test, folder, after = (run / "stdout.txt").read_text().splitlines()
    assert epochs[0].startswith("epoch 1/3")
    assert best.startswith("best epoch ")
    assert "test/accuracy" in test
    assert folder == f"run folder: {run.relative_to(run.parents[2])}"
    assert "tensorboard --logdir outputs" in after


def test_the_configuration_is_plain_and_composes_the_run_again(run: Path) -> None:
    text = (run / "config.yaml").read_text()
    config = yaml.safe_load(text)
    assert "${" not in text
    assert config["model"]["hidden"] == [8, 4]
    assert config["data"]["seed"] == config["seed"] == 0


def test_the_metrics_agree_with_one_another(run: Path) -> None:
    metrics = json.loads((run / "metrics.json").read_text())
    with (run / "metrics.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    best = min(rows, key=lambda row: float(row["val/loss"]))
    assert metrics["epoch"] == int(best["epoch"])
    for name in ("val/loss", "val/accuracy", "train/loss", "train/accuracy", "learning_rate"):
        assert metrics[name] == pytest.approx(float(best[name]))
    assert 0 <= metrics["test/accuracy"] <= 1


def test_the_environment_tells_what_ran(run: Path) -> None:
    found = json.loads((run / "environment.json").read_text())
    assert found["packages"]["torch"] == torch.__version__
    assert found["data"]["rows"].keys() == {"train", "val", "test"}
    assert len(found["data"]["sha256"]) == 64
    assert found["machine"]["python"] == sys.version.split()[0]


def test_a_checkpoint_holds_tensors_and_plain_values_alone(run: Path) -> None:
    for name in ("best", "last"):
        kept = torch.load(run / "checkpoints" / f"{name}.ckpt", weights_only=True)
        assert "net.1.0.weight" in kept["state_dict"]


def test_tensorboard_has_curves_and_the_hparams_tab(run: Path) -> None:
    scalars: set[str] = set()
    steps: list[int] = []
    hparams: dict[str, Any] = {}
    for path in (run / "tensorboard").glob("events*"):
        events = EventAccumulator(str(path)).Reload()
        scalars |= set(events.Tags()["scalars"])
        steps += (
            [event.step for event in events.Scalars("val/loss")]
            if "val/loss" in events.Tags()["scalars"]
            else []
        )
        for content in (tag for name, tag in events.summary_metadata.items() if "session_start" in name):
            hparams.update(
                HParamsPluginData.FromString(content.plugin_data.content).session_start_info.hparams
            )
    assert {"train/loss", "val/accuracy", "learning_rate", "test/accuracy", "best/val/loss"} <= scalars
    assert steps == sorted(set(steps))
    assert hparams["model/hidden"].string_value == "[8, 4]"
    assert hparams["word/model"].string_value == "mlp"


def test_the_log_has_every_epoch_and_no_advert(run: Path) -> None:
    log = (run / "log.txt").read_text()
    assert all(f"epoch {epoch}: " in log for epoch in (1, 2, 3))
    assert "Tip" not in log


def test_the_same_command_gives_the_same_numbers(train: Train, tmp_path: Path) -> None:
    for _ in range(2):
        assert train(*SMALL, "regularizer=[dropout]").returncode == 0
    first, second = (json.loads((run / "metrics.json").read_text()) for run in runs(tmp_path))
    assert first == second


def test_the_average_of_the_weights_is_what_is_tested(train: Train, tmp_path: Path) -> None:
    result = train(
        "data=blobs", "debug=limit", "optimizer.lr=0.02", "regularizer=[ema]", "callback.ema.decay=0.9999"
    )
    assert result.returncode == 0, result.stderr
    (run,) = runs(tmp_path)
    kept = torch.load(run / "checkpoints" / "best.ckpt", weights_only=True)
    metrics = json.loads((run / "metrics.json").read_text())
    assert not torch.equal(
        kept["state_dict"]["net.1.0.weight"], kept["current_model_state"]["net.1.0.weight"]
    )
    assert metrics["test/loss"] == pytest.approx(
        metrics["val/loss"], rel=0.2
    )  # the last weights: less than half
    assert metrics["train/loss"] < 0.5 * metrics["test/loss"]


def test_a_sweep_runs_every_combination(train: Train, tmp_path: Path) -> None:
    result = train("-m", "model=mlp,cnn", "optimizer=sgd,adam", "debug=one_batch")
    assert result.returncode == 0, result.stderr
    found = runs(tmp_path)
    assert [run.name[:4] for run in found] == ["000-", "001-", "002-", "003-"]
    combinations = [status(run)["overrides"][:2] for run in found]
    assert combinations == [[f"model={m}", f"optimizer={o}"] for m in ("mlp", "cnn") for o in ("sgd", "adam")]
    begun = [status(run) for run in found]
    again = train("-m", "optimizer=adam,sgd", "debug=one_batch", "model=cnn,mlp")
    assert (again.returncode, "4 done" in again.stdout) == (0, True), again.stderr
    assert [status(run) for run in runs(tmp_path)] == begun


def test_a_sweep_over_lists_of_regularizers(train: Train, tmp_path: Path) -> None:
    result = train("debug=one_batch", "-m", "regularizer=[],[dropout],[dropout,l1]")
    assert result.returncode == 0, result.stderr
    configs = [yaml.safe_load((run / "config.yaml").read_text()) for run in runs(tmp_path)]
    assert [(config["model"]["dropout"], list(config["penalties"])) for config in configs] == [
        (0.0, []),
        (0.2, []),
        (0.2, ["l1"]),
    ]
