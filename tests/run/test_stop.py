"""Signals stop a run where it can go on from: the exit code, one line, no process left, and the same bits."""

import signal
import sys
from pathlib import Path

import pytest

from kindling.error import StoppedError
from kindling.run.stop import Stop
from scripts.benchmark.same import differences
from tests.conftest import status
from tests.copied import Ended, run_copy, signals

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
WORDS = ["data=wine", "callback=[]", "trainer=cpu", "trainer.max_epochs=4", "save_interval=1000"]
PHASES = {
    "start-up": ("kindling.data.base.DataModule.setup", 1),
    "training": ("kindling.module.LitModule.training_step", 2),
    "validation": ("kindling.module.LitModule.validation_step", 2),
    "test": ("kindling.module.LitModule.test_step", 1),
}


def run(folder: Path, *more: str, **before: object) -> Ended:
    return run_copy(folder, *WORDS, *more, f"hydra.run.dir={folder / 'run'}", "resume=auto", **before)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run that nobody stopped."""
    folder = tmp_path_factory.mktemp("whole")
    assert run(folder).returncode == 0
    return folder / "run"


@pytest.mark.parametrize(
    ("phase", "number"),
    [
        ("start-up", signal.SIGTERM),
        ("training", signal.SIGTERM),
        ("training", signal.SIGINT),
        ("training", signal.SIGUSR1),
        ("validation", signal.SIGINT),
        ("test", signal.SIGTERM),
    ],
)
def test_a_signal_stops_and_the_same_command_goes_on(
    phase: str, number: signal.Signals, whole: Path, tmp_path: Path
) -> None:
    ended = run(tmp_path, before=signals(*PHASES[phase], number))
    assert ended.returncode == 128 + number
    assert ended.stderr == f"stopped by {number.name}; go on: python train.py resume=run\n"
    assert not ended.orphans
    assert (status(tmp_path / "run")["status"], status(tmp_path / "run")["exit_code"]) == (
        "stopped",
        128 + number,
    )
    assert (tmp_path / "run" / "checkpoints" / "last.ckpt").exists() == (phase != "start-up")
    assert run(tmp_path).returncode == 0
    assert list(differences(tmp_path / "run", whole)) == []


@pytest.mark.parametrize("first", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_it_at_once(first: signal.Signals, tmp_path: Path) -> None:
    ended = run(tmp_path, before=signals(*PHASES["training"], first, signal.SIGTERM))
    assert ended.returncode == -signal.SIGTERM
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("number", "phase"),
    [
        (signal.SIGINT, "training"),
        (signal.SIGTERM, "validation"),
        pytest.param(signal.SIGTERM, "training", marks=pytest.mark.full),
        pytest.param(signal.SIGINT, "validation", marks=pytest.mark.full),
    ],
)
def test_workers_that_read_ahead_end_too(number: signal.Signals, phase: str, tmp_path: Path) -> None:
    ended = run(tmp_path, "data.in_memory=false", before=signals(*PHASES[phase], number, group=True))
    assert ended.returncode == 128 + number
    assert ended.stderr == f"stopped by {number.name}; go on: python train.py resume=run\n"
    assert not ended.orphans


def test_a_signal_is_raised_where_nobody_waits_for_it() -> None:
    stop = Stop()
    stop.listen()
    with pytest.raises(StoppedError) as told:
        signal.raise_signal(signal.SIGTERM)
    assert told.value.exit_code == 143
    stop.end()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_one_that_comes_from_each_thread_of_a_dying_parent_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "kindling.run.stop.ONE", 60
    )  # this process would end, where it has to wait in between
    stop = Stop()
    stop.listen()
    stop.waits = True
    for _ in range(3):
        signal.raise_signal(signal.SIGTERM)
    assert stop.asked is not None
    assert signal.getsignal(signal.SIGTERM) == stop._on_signal
    stop.end()


def test_a_signal_is_kept_where_somebody_looks_for_it() -> None:
    stop = Stop()
    stop.listen()
    stop.waits = True
    signal.raise_signal(signal.SIGUSR1)
    assert stop.asked is not None
    with pytest.raises(StoppedError, match="stopped by SIGUSR1"):
        stop.leave()
    stop.end()
    assert signal.getsignal(signal.SIGUSR1) is signal.SIG_DFL


def test_what_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    stop = Stop()
    stop.listen()
    ignored = signal.getsignal(signal.SIGHUP)
    stop.end()
    signal.signal(signal.SIGHUP, before)
    assert ignored is signal.SIG_IGN
