"""A run's folder belongs to one run, and says how it ended whatever happened."""

import errno
import json
import signal
from pathlib import Path
from typing import Any

import pytest
import yaml

from kindling.error import ConfigError, MachineError, RunError, StoppedError
from kindling.run.folder import Run


def start(folder: Path) -> Run:
    return Run(folder, {"seed": 1, "model": {"hidden": [2]}}, ["seed=1", "regularizer=[l1]"])


def status(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "status.json").read_text())


def test_what_runs_is_written_before_it_runs(tmp_path: Path) -> None:
    with start(tmp_path):
        assert status(tmp_path)["status"] == "running"
        assert yaml.safe_load((tmp_path / "config.yaml").read_text()) == {"seed": 1, "model": {"hidden": [2]}}
        assert (tmp_path / "command.txt").read_text() == "python train.py seed=1 'regularizer=[l1]'\n"
    assert status(tmp_path)["status"] == "done"
    assert status(tmp_path)["exit_code"] == 0


@pytest.mark.parametrize(
    ("error", "ending", "code"),
    [
        (ConfigError("wrong word"), "failed", 2),
        (StoppedError(15, "SIGTERM"), "stopped", 143),
        (ZeroDivisionError("bug"), "failed", 1),
    ],
)
def test_the_ending_is_recorded(error: Exception, ending: str, code: int, tmp_path: Path) -> None:
    with pytest.raises(type(error)), start(tmp_path):
        raise error
    assert (status(tmp_path)["status"], status(tmp_path)["exit_code"]) == (ending, code)
    assert str(error).partition(";")[0] in status(tmp_path)["error"]


def test_a_full_disk_becomes_a_line_of_words(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="free some space"), start(tmp_path):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_has_room_for_the_status(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def fill() -> None:
        monkeypatch.setattr("kindling.run.folder.written_whole", full)
        full()

    with pytest.raises(MachineError), start(tmp_path):
        fill()
    assert (status(tmp_path)["status"], status(tmp_path)["exit_code"]) == ("failed", 6)


def test_a_folder_with_a_run_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    with start(tmp_path):
        pass
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(RunError, match="expected an empty folder"), start(tmp_path):
        pass
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_with_files_of_the_users_is_refused(tmp_path: Path) -> None:
    (tmp_path / "metrics.json").write_text("mine")
    with (
        pytest.raises(RunError, match=r"expected an empty folder, got one with metrics.json"),
        start(tmp_path),
    ):
        pass
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]


def test_what_fails_at_the_start_is_recorded_and_lets_go_of_signals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped() -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr("kindling.run.folder.describe", stopped)
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(StoppedError), start(tmp_path):
        pass
    assert status(tmp_path)["status"] == "stopped"
    assert signal.getsignal(signal.SIGTERM) is before


def test_other_ranks_write_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "2")
    with start(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_signal_stops_the_run_and_the_old_handler_comes_back(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(StoppedError), start(tmp_path):
        signal.raise_signal(signal.SIGTERM)
    assert status(tmp_path)["exit_code"] == 143
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_stop_that_comes_out_as_another_error_is_still_a_stop(tmp_path: Path) -> None:
    def interrupted() -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        except StoppedError:
            raise RuntimeError("half a file") from None

    with pytest.raises(StoppedError), start(tmp_path):
        interrupted()
    assert status(tmp_path)["status"] == "stopped"
