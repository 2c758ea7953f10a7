"""Jobs in a real Slurm, which scripts/slurm_sandbox brings up beside each test."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT, status

TOOLS = ("munged", "slurmctld", "slurmd")
pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(
        sys.platform != "linux" or os.getuid() != 0 or not all(map(shutil.which, TOOLS)),
        reason="needs root, and Debian's packages of Slurm",
    ),
]
SWEEP = ["-m", "model=mlp", "launcher=slurm", "launcher.jobs=2", "launcher.cpus=1", "sweep.name=s"]


def swept(folder: Path, *words: str) -> tuple[int, list[Path]]:
    """A sweep in Slurm's queue: its exit code, and the folders of its jobs."""
    command = [sys.executable, str(PROJECT / "scripts/slurm_sandbox")]
    command += [sys.executable, str(PROJECT / "train.py"), *SWEEP, *words]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    jobs = sorted(path.parent for path in (folder / "outputs/sweep/s").glob("*/status.json"))
    assert jobs, ended.stderr
    return ended.returncode, jobs


def test_a_search_prunes_jobs_in_the_queue(tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    words = ["data=digits", "callback=[]", "trainer=cpu", "trainer.max_epochs=9", "sweep=asha"]
    code, jobs = swept(tmp_path, *words, "sweep.trials=6", "optimizer.lr=tag(log,interval(1e-5,1e-1))")
    found = [status(job)["status"] for job in jobs]
    assert (code, len(found), {*found}) == (0, 6, {"done", "pruned"})
    rows = csv.DictReader((tmp_path / "outputs/sweep/s/report.csv").read_text().splitlines())
    assert sorted(row["status"] for row in rows) == sorted(found)


def test_a_job_that_fails_costs_only_itself(tmp_path: Path) -> None:
    words = ["data=diabetes", "callback=[]", "trainer=cpu", "trainer.max_epochs=1", "optimizer=sgd"]
    code, jobs = swept(tmp_path, *words, "optimizer.lr=0.1,1e20")
    assert code == 7
    assert [(status(job)["status"], status(job)["exit_code"]) for job in jobs] == [("done", 0), ("failed", 4)]


def test_two_tasks_train_as_one(tmp_path: Path) -> None:
    words = ["data=wine", "callback=[learning_rate_monitor]", "trainer=ddp", "trainer.accelerator=cpu"]
    code, jobs = swept(tmp_path, *words, "debug=one_batch", "launcher.tasks=2", "optimizer.lr=0.1,0.01")
    assert (code, len(jobs)) == (0, 2)
    for job, rate in zip(jobs, (0.1, 0.01), strict=True):
        (row,) = csv.DictReader((job / "metrics.csv").read_text().splitlines())
        assert float(row["learning_rate"]) == pytest.approx(rate, rel=1e-6)  # the mean of both processes
        assert "MEMBER: 1/2" in (job / "log.txt").read_text()
