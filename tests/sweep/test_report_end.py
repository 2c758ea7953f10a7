"""A sweep ends with its report, whatever became of its jobs."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kindling.error import SweepError
from kindling.sweep import conduct
from kindling.sweep.job import Job
from tests.sweep.made import leave_sweep


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kindling.sweep.chart.draw", lambda _, path: path.write_bytes(b""))


def ended(sweep: Path, **problems: str) -> Any:
    """What is left of a loop that has run: its jobs, and why one of them is not done."""
    found = sorted(path for path in sweep.iterdir() if path.is_dir())
    return SimpleNamespace(jobs={Job(("x=1",), path): problems.get(f"job{path.name[:3]}") for path in found})


def test_all_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sweep = leave_sweep(tmp_path / "a", {0.1: [0.5], 0.2: [0.4]})
    conduct.conclude(ended(sweep), sweep)
    assert "\nbest: #1, val/loss 0.4\n" in capsys.readouterr().out
    assert (sweep / "report.csv").exists()


def test_with_a_job_that_failed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sweep = leave_sweep(tmp_path / "a", {0.1: [0.5], 0.2: [None]})
    with pytest.raises(SweepError, match="1 of 2 jobs are not done") as caught:
        conduct.conclude(ended(sweep, job001="no"), sweep)
    assert caught.value.jobs == ["  #1 x=1: no"]
    assert capsys.readouterr().out.startswith("2 jobs: 1 done, 1 failed; by val/loss")


def test_a_report_that_cannot_be_written_hides_no_failed_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep = leave_sweep(tmp_path / "a", {0.1: [0.5], 0.2: [None]})

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kindling.source.whole.sync", fail)
    with pytest.raises(SweepError, match="1 of 2 jobs") as caught:
        conduct.conclude(ended(sweep, job001="no"), sweep)
    assert caught.value.jobs[1].endswith("report.md: the disk is full; free some space")
    with pytest.raises(OSError, match="No space"):
        conduct.conclude(ended(sweep), sweep)


def test_nothing_to_report_hides_no_failed_job(tmp_path: Path) -> None:
    (tmp_path / "000-00000000").mkdir()
    with pytest.raises(SweepError, match="1 of 1 jobs") as caught:
        conduct.conclude(ended(tmp_path, job000="killed by SIGKILL"), tmp_path)
    assert caught.value.jobs[0] == "  #0 x=1: killed by SIGKILL"
