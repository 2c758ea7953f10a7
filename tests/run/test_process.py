"""A process is known again, and what can't be told is not taken for an end."""

import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest

from kindling.run import process
from kindling.run.process import alone, lives, this_process

linux = pytest.mark.skipif(sys.platform != "linux", reason="/proc")


def noted_by_another() -> tuple[subprocess.Popen[bytes], dict[str, object]]:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    then = process.started(child.pid) or process.seconds(child.pid)
    return child, {**this_process(), "pid": child.pid, "started": then}


def test_a_process_lives_until_it_ends() -> None:
    assert lives(this_process()) is True
    child, noted = noted_by_another()
    assert lives(noted) is True
    child.communicate(b"\n")
    assert lives(noted) is False


@linux
def test_one_that_only_waits_to_be_buried_has_ended() -> None:
    child, noted = noted_by_another()
    child.kill()
    deadline = time.monotonic() + 10
    while lives(noted) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert lives(noted) is False
    child.communicate()


@linux
def test_a_number_that_went_to_another_process_is_not_the_same() -> None:
    assert lives({**this_process(), "started": "another-boot 12345"}) is False


def test_by_the_clock_a_minute_makes_no_other_process() -> None:
    now = process.seconds(os.getpid())
    assert now is not None
    noted = {"pid": os.getpid(), "host": platform.node()}
    assert lives({**noted, "started": now + 30}) is True
    assert lives({**noted, "started": now - 3600}) is False
    assert lives({**noted, "pid": 2**22 + 1, "started": now}) is False


@pytest.mark.parametrize(
    "changed",
    [{"host": "elsewhere"}, {"pid": -1}, {"pid": True}, {"pid": "7"}, {"started": None}, {"started": ""}],
    ids=str,
)
def test_what_can_not_be_told_is_no_end(changed: dict[str, object]) -> None:
    assert lives({**this_process(), **changed}) is None
    assert lives(None) is None


@linux
def test_a_process_that_proc_hides_may_live(
    monkeypatch: pytest.MonkeyPatch, tmp_path: os.PathLike[str]
) -> None:
    noted = this_process()
    monkeypatch.setattr(process, "host", lambda: noted["host"])
    monkeypatch.setattr(process, "PROC", tmp_path)
    assert lives(noted) is None


def test_only_one_at_a_time_takes_a_folder(tmp_path: Path) -> None:
    order: list[str] = []

    def take() -> None:
        with alone(tmp_path):
            order.append("second")

    with alone(tmp_path):
        other = Thread(target=take)
        other.start()
        other.join(0.2)
        assert other.is_alive()
        order.append("first")
    other.join(10)
    assert order == ["first", "second"]
    assert list(tmp_path.iterdir()) == []


def test_without_room_for_a_lock_a_folder_is_taken_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "full").touch()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "full"))
    with alone(tmp_path):
        pass
