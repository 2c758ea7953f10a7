"""What a run does arrives in wandb's offline file, read back with wandb's own messages."""

import json
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kindling.logger.close import close
from kindling.logger.wandb import WandbLogger

wandb = pytest.importorskip("wandb", reason="an extra: pip install kindling[wandb]")
Fitted = Callable[..., tuple[Any, Any, Any]]
BLOCK, FULL, LAST = 2**15, 1, 4


@pytest.fixture(autouse=True)
def own_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("WANDB_MODE", "WANDB_PROJECT", "WANDB_DIR"):
        monkeypatch.delenv(name, raising=False)
    yield
    wandb.teardown()


def records(folder: Path) -> Iterator[Any]:
    """The records of the one offline run in a folder, which is a LevelDB log: wandb's reader is in Go."""
    from wandb.proto.wandb_internal_pb2 import Record

    wandb.teardown()  # its writer may lag behind the end of a run, as it may not behind its own
    (path,) = folder.glob("wandb/offline-run-*/*.wandb")
    content, at, whole = path.read_bytes(), 7, b""
    while at + 7 < len(content):
        if BLOCK - at % BLOCK < 7:  # too little room for a header is left empty
            at += BLOCK - at % BLOCK
        _, length, kind = struct.unpack("<IHB", content[at : at + 7])
        whole += content[at + 7 : at + 7 + length]
        at += 7 + length
        if kind in (FULL, LAST):
            yield Record.FromString(whole)
            whole = b""


def read(folder: Path) -> tuple[dict[str, Any], dict[str, Any], str, int]:
    """Settings, the last value of each metric, the run's name and its exit code."""
    config: dict[str, Any] = {}
    metrics: dict[str, Any] = {}
    name, code = "", -1
    for record in records(folder):
        for item in (*record.config.update, *record.run.config.update):
            config[item.key or "/".join(item.nested_key)] = json.loads(item.value_json)
        for item in record.history.item:
            metrics[item.key or "/".join(item.nested_key)] = json.loads(item.value_json)
        name = record.run.display_name or name
        code = record.exit.exit_code if record.HasField("exit") else code
    return config, metrics, name, code


def test_settings_metrics_and_the_end_arrive(
    fitted: Fitted, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    data, module, trainer = fitted("data=wine", "logger=[wandb]", "optimizer.lr=0.25")
    trained = dict(trainer.callback_metrics)
    (tested,) = trainer.test(module, data, verbose=False)
    close(trainer.loggers, 3)
    config, metrics, name, code = read(tmp_path)
    assert config["optimizer"]["lr"] == 0.25
    for metric, value in {**trained, **tested}.items():
        assert metrics[metric] == pytest.approx(float(value))
    assert (name, code) == (tmp_path.name, 3)
    assert wandb.run is None
    assert "wandb" not in "".join(capfd.readouterr()).lower()


def test_the_next_job_has_a_run_of_its_own(tmp_path: Path) -> None:
    for job in ("0", "1"):
        (tmp_path / job).mkdir()
        logger = WandbLogger(save_dir=str(tmp_path / job))
        logger.log_metrics({"val/loss": float(job)}, 1)
        logger.close(0)
    assert [read(tmp_path / job)[1]["val/loss"] for job in ("0", "1")] == [0.0, 1.0]


def test_a_run_that_goes_on_is_known_by_the_same_name(tmp_path: Path) -> None:
    found = []
    for _ in range(2):
        logger = WandbLogger(save_dir=str(tmp_path))
        logger.log_hyperparams({"seed": 1})
        found.append(logger.experiment.id)
        logger.close(0)
    assert found[0] == found[1]
