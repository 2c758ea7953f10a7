"""Several processes train as one: one record, the same numbers, one message."""

import json
import sys
from pathlib import Path

import pytest

from tests.conftest import SMALL, Train, runs

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
