"""A file takes its name when it is whole, and what fails before leaves the old one."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from kindling.source.whole import written_whole

FULL = errno.ENOSPC, "No space left on device"


def write(path: Path, text: str) -> None:
    with written_whole(path) as file:
        file.write(text.encode())


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.mark.parametrize("step", ["os.fsync", "os.replace"])
def test_a_write_that_fails_leaves_the_old_file(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OSError(*FULL)

    path = tmp_path / "a.json"
    write(path, "old")
    monkeypatch.setattr(step, fail)
    with pytest.raises(OSError, match="No space") as told:
        write(path, "new")
    assert told.value.filename == str(path)
    assert (path.read_text(), names(tmp_path)) == ("old", ["a.json"])


def test_whatever_ends_the_writing_leaves_the_old_file(tmp_path: Path) -> None:
    def write_half() -> None:
        with written_whole(path) as file:
            file.write(b"half")
            file.flush()
            raise KeyboardInterrupt

    path = tmp_path / "a.json"
    write(path, "old")
    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert (path.read_text(), names(tmp_path)) == ("old", ["a.json"])


def test_a_file_is_replaced_and_never_written_in_place(tmp_path: Path) -> None:
    path, reader = tmp_path / "a.json", tmp_path / "reader.json"
    write(path, "old")
    os.link(path, reader)  # sees what a process sees that opened the file before
    write(path, "new")
    assert (path.read_text(), reader.read_text()) == ("new", "old")


def test_a_place_that_takes_no_file_is_told_by_the_name_that_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "nothing" / "a.json"
    with pytest.raises(FileNotFoundError) as told, written_whole(path):
        pass
    assert told.value.filename == str(path)


def test_an_error_of_another_file_keeps_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as told, written_whole(tmp_path / "a.json"):
        (tmp_path / "other").read_bytes()
    assert str(told.value.filename) == str(tmp_path / "other")
