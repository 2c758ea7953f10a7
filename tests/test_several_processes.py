"""Several processes train as one: one record, the same numbers, one message."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from scripts.benchmark.same import differences
from tests.conftest import PROJECT, SMALL, Train, runs, status
from tests.copied import has_orphans

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="gloo under Windows needs a set-up of its own"
)
CPU = ["trainer=ddp", "trainer.accelerator=cpu"]


def test_two_processes_keep_one_record(train: Train, tmp_path: Path) -> None:
    result = train(*SMALL, *CPU)
    assert result.returncode == 0, result.stderr
    (found,) = runs(tmp_path)
    assert {"metrics.json", "curves.png", "status.json"} <= {path.name for path in found.iterdir()}
    assert result.stdout.count("run folder: ") == 1
    assert (found / "log.txt").read_text().count("epoch 1: ") == 1


def test_two_processes_measure_what_one_measures(train: Train, tmp_path: Path) -> None:
    still = ["data=wine", "optimizer.lr=1e-30", "trainer.max_epochs=1"]
    for processes in (["trainer=cpu"], CPU):
        assert train(*still, *processes).returncode == 0
    one, two = (json.loads((run / "metrics.json").read_text()) for run in runs(tmp_path))
    assert one == pytest.approx(two, rel=1e-5)


def test_a_number_that_is_not_finite_is_told_once_by_two_processes(train: Train) -> None:
    result = train("optimizer=sgd", "optimizer.lr=1e20", "data=diabetes", *CPU)
    assert (result.returncode, result.stderr.count("\n")) == (4, 1)


def start_and_stop(folder: Path, words: list[str], number: signal.Signals, group: bool) -> tuple[int, str]:
    """Send a signal to the first process, or as Ctrl-C to all, once they train; the code and the line."""
    command = [sys.executable, "-W", "ignore", str(PROJECT / "train.py"), *words]
    pipes: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=folder, start_new_session=True, **pipes) as process:
        while not (folder / "run" / "checkpoints" / "last.ckpt").exists() and process.poll() is None:
            time.sleep(0.05)
        (os.killpg if group else os.kill)(process.pid, number)
        errors = process.communicate(timeout=120)[1]
    assert not has_orphans(process.pid)
    return process.returncode, errors


@pytest.mark.parametrize(
    ("number", "group"),
    [(signal.SIGTERM, False), pytest.param(signal.SIGINT, True, marks=pytest.mark.full)],
)
def test_two_processes_stop_as_one_and_go_on_to_the_same_bits(
    number: signal.Signals, group: bool, train: Train, tmp_path: Path
) -> None:
    words = ["data=digits", "callback=[]", "trainer.max_epochs=12", "save_interval=0", *CPU, "resume=auto"]
    code, errors = start_and_stop(tmp_path, [*words, "hydra.run.dir=run"], number, group)
    assert (code, errors) == (128 + number, f"stopped by {number.name}; go on: python train.py resume=run\n")
    assert status(tmp_path / "run")["status"] == "stopped"
    for folder in ("run", "whole"):
        result = train(*words, f"hydra.run.dir={folder}")
        assert result.returncode == 0, result.stderr
    assert list(differences(tmp_path / "run", tmp_path / "whole")) == []
