"""The main job through the real command line: a run, a sweep, and every way that they can end."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

from tests.conftest import PROJECT, Train, run_train

FILES = ["command.txt", "config.yaml", "curves.png", "environment.json", "log.txt"]
FILES += ["metrics.csv", "metrics.json", "status.json"]
SMALL = ["data=wine", "model=mlp", "debug=limit"]


def runs(folder: Path) -> list[Path]:
    return sorted(path.parent for path in folder.glob("outputs/*/*/**/status.json"))


def status(run: Path) -> dict[str, Any]:
    return json.loads((run / "status.json").read_text())


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
    assert {path.name for path in (run / "checkpoints").iterdir()} == {"best.ckpt", "last.ckpt"}
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
    assert found["data"]["rows"] == {"train": 115, "val": 27, "test": 36}
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


def test_a_sweep_runs_every_combination(train: Train, tmp_path: Path) -> None:
    result = train("-m", "model=mlp,cnn", "optimizer=sgd,adam", "debug=one_batch")
    assert result.returncode == 0, result.stderr
    found = runs(tmp_path)
    assert [run.name for run in found] == ["0", "1", "2", "3"]
    combinations = [status(run)["overrides"][:2] for run in found]
    assert combinations == [[f"model={m}", f"optimizer={o}"] for m in ("mlp", "cnn") for o in ("sgd", "adam")]


def test_a_sweep_over_lists_of_regularizers(train: Train, tmp_path: Path) -> None:
    result = train("debug=one_batch", "-m", "regularizer=[],[dropout],[dropout,l1]")
    assert result.returncode == 0, result.stderr
    configs = [yaml.safe_load((run / "config.yaml").read_text()) for run in runs(tmp_path)]
    assert [(config["model"]["dropout"], list(config["penalties"])) for config in configs] == [
        (0.0, []),
        (0.2, []),
        (0.2, ["l1"]),
    ]


def test_a_failed_job_does_not_end_the_others(train: Train, tmp_path: Path) -> None:
    result = train("-m", "model=cnn,mlp", "data=wine", "debug=one_batch")
    assert result.returncode == 7
    assert [status(run)["exit_code"] for run in runs(tmp_path)] == [2, 0]
    assert "model=cnn needs images or sequences; data=wine has rows of 13 numbers" in result.stderr
    assert "sweep: 1 failed" in result.stderr


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ("model=cnn data=wine", 2, "model=cnn needs images or sequences; data=wine has rows of 13 numbers"),
        ("data=diabetes model=mlp regularizer=[label_smoothing]", 2, "task=regression has no such setting"),
        ("data.test_fraction=0", 3, "data: the test split has no rows"),
        ("optimizer=sgd optimizer.lr=1e20 data=diabetes model=mlp", 4, "expected a finite number; lower"),
        ("monitor.metric=val/acuracy", 2, "got val/acuracy; did you mean val/accuracy?"),
        ("trainer.max_epochs=0", 2, "trainer: expected one epoch or more"),
        ("+trainer.limit_train_batches=0", 2, "trainer: no epoch was trained"),
        ("trainer.max_epochs=-1 scheduler=cosine", 2, "scheduler: needs a run with an end"),
        ("optimizer.lr=???", 2, "optimizer.lr: Missing mandatory value: lr"),
        ("data.name=nothing", 3, "nothing.csv.gz: can't be read as a table"),
    ],
)
def test_what_goes_wrong_is_one_line_with_its_exit_code(
    words: str, code: int, message: str, train: Train, tmp_path: Path
) -> None:
    result = train(*words.split())
    assert result.returncode == code
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert all(status(run)["exit_code"] == code for run in runs(tmp_path))


def test_a_sweep_of_several_processes_is_refused_job_by_job(train: Train) -> None:
    for words in (["trainer=ddp"], ["trainer=cpu", "trainer.devices=2"]):
        result = train("-m", "seed=1,2", *words)
        assert result.returncode == 7
        assert result.stderr.count("trainer: in a sweep expected devices=1 and strategy=auto") == 4


def test_a_job_that_fails_before_it_runs_does_not_end_the_others(train: Train, tmp_path: Path) -> None:
    result = train("-m", "data.batch_size=???,8", *SMALL)
    assert result.returncode == 7
    assert "sweep: 1 failed" in result.stderr
    assert [status(run)["status"] for run in runs(tmp_path)] == ["done"]


def test_a_reader_that_goes_away_is_no_bug(tmp_path: Path) -> None:
    words = [*SMALL, "trainer.max_epochs=30"]
    command = [sys.executable, str(PROJECT / "train.py"), *words]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
    assert process.returncode == 128 + 13


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


def test_a_folder_is_never_used_twice(train: Train, tmp_path: Path) -> None:
    words = [*SMALL, "hydra.run.dir=mine"]
    assert train(*words).returncode == 0
    before = (tmp_path / "mine" / "metrics.json").read_bytes()
    again = train(*words)
    assert again.returncode == 5
    assert "expected an empty folder, got one with" in again.stderr
    assert (tmp_path / "mine" / "metrics.json").read_bytes() == before


@pytest.mark.skipif(os.getuid() == 0 if hasattr(os, "getuid") else True, reason="may write anywhere")
def test_a_folder_without_permission_is_the_machines_lack(train: Train, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    result = train(*SMALL)
    tmp_path.chmod(0o700)
    assert (result.returncode, result.stderr.count("\n")) == (6, 1)


def test_a_file_in_the_way_is_the_machines_lack(train: Train, tmp_path: Path) -> None:
    (tmp_path / "outputs").write_text("mine")
    result = train(*SMALL)
    assert (result.returncode, result.stderr.count("\n")) == (6, 1)
    assert (tmp_path / "outputs").read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("flags", [[], ["-m", "seed=1,2"]])
def test_a_signal_stops_in_one_line(number: signal.Signals, flags: list[str], tmp_path: Path) -> None:
    words = [*flags, "data=blobs", "model=mlp", "trainer.max_epochs=100000", "callback=[progress]"]
    command = [sys.executable, str(PROJECT / "train.py"), *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=tmp_path, text=True, **pipes) as process:  # type: ignore[call-overload]
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob("outputs/**/last.ckpt")) and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert errors == f"stopped by {number.name}\n"
    (stopped,) = runs(tmp_path)
    assert status(stopped)["status"] == "stopped"
    assert (stopped / "curves.png").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="gloo under Windows needs a set-up of its own")
def test_two_processes_keep_one_record(train: Train, tmp_path: Path) -> None:
    result = train(*SMALL, "trainer=ddp", "trainer.accelerator=cpu")
    assert result.returncode == 0, result.stderr
    (found,) = runs(tmp_path)
    assert set(FILES) <= {path.name for path in found.iterdir()}
    assert result.stdout.count("run folder: ") == 1
    assert (found / "log.txt").read_text().count("epoch 1: ") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="gloo under Windows needs a set-up of its own")
def test_two_processes_measure_what_one_measures(train: Train, tmp_path: Path) -> None:
    still = ["data=wine", "optimizer.lr=0", "trainer.max_epochs=1"]
    for processes in (["trainer=cpu"], ["trainer=ddp", "trainer.accelerator=cpu"]):
        assert train(*still, *processes).returncode == 0
    one, two = (json.loads((run / "metrics.json").read_text()) for run in runs(tmp_path))
    assert one == pytest.approx(two, rel=1e-5)


@pytest.mark.skipif(sys.platform == "win32", reason="gloo under Windows needs a set-up of its own")
def test_a_number_that_is_not_finite_is_told_once_by_two_processes(train: Train) -> None:
    words = ["optimizer=sgd", "optimizer.lr=1e20", "data=diabetes", "trainer=ddp", "trainer.accelerator=cpu"]
    result = train(*words)
    assert (result.returncode, result.stderr.count("\n")) == (4, 1)
