"""Every way that the main job can end, through the real command line: the exit code and one line."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import PROJECT, SMALL, Train, runs, status


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ("model=cnn data=wine", 2, "model=cnn needs images or sequences; data=wine has rows of a table"),
        ("data=diabetes model=mlp regularizer=[label_smoothing]", 2, "task=regression has no such setting"),
        ("data.test_fraction=0", 3, "data: the test split has no rows"),
        ("optimizer=sgd optimizer.lr=1e20 data=diabetes model=mlp", 4, "expected a finite number; lower"),
        ("monitor.metric=val/acuracy", 2, "got val/acuracy; did you mean val/accuracy?"),
        ("optimizer.lr=-1", 2, "optimizer.lr: expected a number above 0, got -1"),
        ("trainer.max_epochs=0", 2, "trainer: expected one epoch or more"),
        ("+trainer.limit_train_batches=0", 2, "trainer.limit_train_batches: expected a whole number"),
        ("+trainer.limit_train_batches=1e-3", 2, "trainer.limit_train_batches: You requested to check 0.001"),
        ("+trainer.val_check_interval=999", 2, "trainer.val_check_interval: `val_check_interval` (999)"),
        ("+trainer.strategy=foo", 2, "trainer.strategy: expected one of auto, ddp"),
        ("trainer.max_epochs=-1 scheduler=cosine", 2, "scheduler=cosine: needs a run with an end"),
        ("optimizer.lr=???", 2, "optimizer.lr: needs a value; add optimizer.lr=…"),
        ("data.name=nothing", 3, "nothing.csv.gz: expected a CSV file, got nothing there"),
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


def test_a_failed_job_does_not_end_the_others(train: Train, tmp_path: Path) -> None:
    result = train("-m", "data=wine", "data.test_fraction=0,0.2", "debug=one_batch")
    assert result.returncode == 7
    assert [status(run)["exit_code"] for run in runs(tmp_path)] == [3, 0]
    *_, count, line = result.stderr.splitlines()
    assert count.startswith("sweep: 1 of 2 jobs are not done; the same command tries")
    assert re.fullmatch(r"  #0 data=wine data\.test_fraction=0 .*: data: the test split has no rows.*", line)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            ["model=cnn,mlp", "data=wine"],
            "model=cnn needs images or sequences; data=wine has rows of a table",
        ),
        (["data.batch_size=???,8", *SMALL], "data.batch_size: needs a value; add data.batch_size=…"),
        (["seed=1,2", "trainer=ddp"], "trainer: expected one process a job, as this one runs all"),
        (["seed=1,2", "trainer=cpu", "trainer.devices=2"], "trainer: expected one process a job"),
    ],
)
def test_a_sweep_with_a_wrong_job_does_not_begin(
    words: list[str], line: str, train: Train, tmp_path: Path
) -> None:
    result = train("-m", *words)
    assert result.returncode == 2
    assert result.stderr.startswith(line)
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "outputs").exists()


def test_a_job_that_can_not_begin_does_not_end_the_others(train: Train, tmp_path: Path) -> None:
    words = ["-m", "seed=1,2", "sweep.name=a", *SMALL]
    assert train(*words).returncode == 0
    first, second = runs(tmp_path)
    for name in ("status.json", "config.yaml"):
        (first / name).unlink()  # what is left may be somebody's
    result = train(*words)
    assert result.returncode == 7
    assert "expected an empty folder" in result.stderr
    assert [status(run)["exit_code"] for run in (first, second)] == [5, 0]


def test_a_reader_that_goes_away_is_no_bug(tmp_path: Path) -> None:
    words = [*SMALL, "trainer.max_epochs=30"]
    command = [sys.executable, str(PROJECT / "train.py"), *words]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
    assert process.returncode == 128 + 13


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
@pytest.mark.parametrize(
    ("number", "flags"),
    [
        (signal.SIGINT, []),
        (signal.SIGTERM, ["-m", "seed=1,2"]),
        pytest.param(signal.SIGTERM, [], marks=pytest.mark.full),
        pytest.param(signal.SIGINT, ["-m", "seed=1,2"], marks=pytest.mark.full),
    ],
)
def test_a_signal_stops_in_one_line(number: signal.Signals, flags: list[str], tmp_path: Path) -> None:
    words = [*flags, "data=blobs", "model=mlp", "trainer.max_epochs=100000", "callback=[progress]"]
    command = [sys.executable, str(PROJECT / "train.py"), *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    before = signal.signal(
        number, signal.default_int_handler
    )  # a job in the background inherits that it is ignored
    with subprocess.Popen(command, cwd=tmp_path, text=True, **pipes) as process:  # type: ignore[call-overload]
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob("outputs/**/last.ckpt")) and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
    signal.signal(number, before)
    assert process.returncode == 128 + number
    (stopped,) = runs(tmp_path)
    words = [*flags, *words[len(flags) :]] if flags else [f"resume={stopped.relative_to(tmp_path)}"]
    again = shlex.join(["python", "train.py", *words])
    assert errors == f"stopped by {number.name}; go on: {again}\n"
    assert status(stopped)["status"] == "stopped"
    assert (stopped / "curves.png").exists()
