"""Files that are there whole or not at all, whatever the disk or a kill does."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from kindling.error import MachineError


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which takes its name once all has gone well and is on the disk."""
    temporary = beside(path)
    try:
        with temporary.open("wb") as file:
            yield file
            sync(file)
        temporary.replace(path)
    except OSError as error:
        if str(error.filename) in ("None", str(temporary)):  # a name that nobody knows
            error.filename = str(path)
        raise
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def beside(path: Path) -> Path:
    """Where a file lies until it is whole."""
    return path.with_name(f".{path.name}.{os.getpid()}")


def require_possible(path: Path, option: str) -> None:
    """Refuse a place where no such file can be made, by making one; raises MachineError."""
    try:
        folder = next(one for one in path.parents if one.exists())
        probe = beside(folder / path.name)
        try:
            probe.touch()
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        told = f"{option}: {path}: can't be written ({error.strerror})"
        raise MachineError(f"{told}; name another") from None


def sync(file: BinaryIO) -> None:
    """Have on the disk what was written so far."""
    file.flush()
    os.fsync(file.fileno())
