"""Sweeps by launcher=process as a user runs them: each job is a process that trains on its own."""

import csv
import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from scripts.benchmark.kill import copied
from scripts.benchmark.same import differences
from tests.conftest import PROJECT, Train, status
from tests.copied import run_copy
from tests.launcher.test_process import runs

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows copies no process")
SWEEP = ["-m", "data=wine", "model=mlp", "callback=[]", "launcher=process", "sweep.name=s"]
CPU = ["trainer=ddp", "trainer.accelerator=cpu"]


def jobs(folder: Path) -> list[Path]:
    return sorted(path.parent for path in (folder / "outputs/sweep/s").glob("*/status.json"))


def test_a_job_that_fails_costs_only_itself(tmp_path: Path) -> None:
    words = ["optimizer=sgd", "optimizer.lr=0.1,1e20", "trainer=cpu", "trainer.max_epochs=1", "data=diabetes"]
    ended = run_copy(tmp_path, *SWEEP, *words)
    assert ended.returncode == 7, ended.stderr
    assert [(status(job)["status"], status(job)["exit_code"]) for job in jobs(tmp_path)] == [
        ("done", 0),
        ("failed", 4),
    ]
    first, second = ended.stderr.splitlines()
    assert first.startswith("sweep: 1 of 2 jobs are not done")
    assert "optimizer.lr=1e+20" in second
    assert "is inf" in second or "is nan" in second
    assert not ended.orphans


@pytest.mark.full
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_sweep_goes_on_to_the_same_bits(number: signal.Signals, tmp_path: Path) -> None:
    words = [*SWEEP, "trainer=cpu", "trainer.max_epochs=30", "seeds=3", "save_interval=0"]
    folder, whole = tmp_path / "again", tmp_path / "whole"
    for one in (folder, whole):
        one.mkdir()
    assert run_copy(whole, *words).returncode == 0
    output = folder / "output.txt"
    process = copied(folder, [str(PROJECT / "train.py"), *words], output, output)
    while sum((job / "checkpoints/last.ckpt").exists() for job in jobs(folder)) < 2:
        time.sleep(0.05)
        assert process.is_alive(), output.read_text()
    os.kill(process.pid, number)
    process.join(60)
    assert process.exitcode == 128 + number
    assert f"stopped by {number.name}; go on: python train.py -m data=wine" in output.read_text()
    assert [status(job)["status"] for job in jobs(folder)] == ["stopped", "stopped"]
    assert not any(runs(status(job)["process"]["pid"]) for job in jobs(folder))
    assert run_copy(folder, *words).returncode == 0
    found = {job.name: list(differences(job, whole / job.relative_to(folder))) for job in jobs(folder)}
    assert found == {job.name: [] for job in jobs(whole)}


@pytest.mark.full
def test_both_processes_of_a_trial_train_with_its_learning_rate(train: Train, tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    search = ["sweep=optuna", "sweep.trials=2", "optimizer.lr=tag(log,interval(1e-4,1e-1))"]
    ended = train(*SWEEP, *search, *CPU, "debug=one_batch", "callback=[learning_rate_monitor]")
    assert ended.returncode == 0, ended.stderr
    found = jobs(tmp_path)
    assert len(found) == len([*tmp_path.rglob("status.json")]) == 2
    used = []
    for job in found:
        (tried,) = (float(word.partition("=")[2]) for word in status(job)["overrides"] if ".lr=" in word)
        (row,) = csv.DictReader((job / "metrics.csv").read_text().splitlines())
        assert float(row["learning_rate"]) == pytest.approx(tried, rel=1e-6)  # the mean of both processes
        assert "MEMBER: 1/2" in (job / "log.txt").read_text()
        used.append(tried)
    assert used[0] != used[1]


@pytest.mark.full
def test_all_processes_of_a_job_train_with_the_same_settings(train: Train, tmp_path: Path) -> None:
    words = ["data=wine", "model=mlp", "callback=[]", "trainer.max_epochs=2", *CPU]
    rates = ["optimizer.lr=0.01", "optimizer.lr=0.001"]
    for number, rate in enumerate(rates):
        assert train(*words, rate, f"hydra.run.dir=single/{number}", "hydra.mode=RUN").returncode == 0
    ended = train(*SWEEP, *words[3:], "optimizer.lr=0.01,0.001")
    assert ended.returncode == 0, ended.stderr
    for number, job in enumerate(jobs(tmp_path)):
        metrics = [
            json.loads((one / "metrics.json").read_text()) for one in (job, tmp_path / f"single/{number}")
        ]
        assert metrics[0] == metrics[1]
    assert len(jobs(tmp_path)) == 2
