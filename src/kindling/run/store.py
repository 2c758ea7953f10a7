"""Checkpoints on disk: whole or not at all, each with its sha256 beside it and its predecessor kept."""

import hashlib
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import torch
from lightning_fabric.plugins import CheckpointIO

from kindling.error import RunError
from kindling.run.verify import digest_file, digests, is_whole, newest_whole, previous, sha256, verify
from kindling.source.whole import sync, written_whole


class Store(CheckpointIO):
    """How Lightning writes and reads them; tensors and plain values alone are read."""

    def save_checkpoint(self, checkpoint: dict[str, Any], path: Any, storage_options: Any = None) -> None:
        """Write one durably."""
        write_checkpoint(checkpoint, Path(path))

    def load_checkpoint(
        self, path: Any, map_location: Any = None, weights_only: bool | None = None
    ) -> dict[str, Any]:
        """Read one that verifies; raises RunError."""
        return read_checkpoint(Path(path))

    def remove_checkpoint(self, path: Any) -> None:
        """Never: the run's folder is the user's."""


def write_checkpoint(content: dict[str, Any], path: Path, parts: Mapping[str, str] | None = None) -> None:
    """Write it durably; whatever step fails, it or its predecessor still verifies.

    The predecessor goes to `previous/` as a second name of the same file before the new one takes its place.
    `parts` are files that belong to it, by their paths from its folder, with their sha256.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as file:
        hashing = Hashing(file)
        save(content, hashing)
        sync(file)  # before the predecessor of the predecessor goes
        if is_whole(path):
            keep_previous(path)
    write_digest(path, hashing.digest.hexdigest(), parts)
    sync_folder(path.parent)


def read_checkpoint(path: Path) -> dict[str, Any]:
    """What a file holds, tensors and plain values alone; raises RunError where it doesn't verify."""
    expected = f"{path}: expected a checkpoint of a run"
    verify(path)
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # which one depends on how the file is foreign
        raise RunError(f"{expected}, got a file that can't be read as one; name another") from error
    if not isinstance(found, dict):
        raise RunError(f"{expected}, got a file of something else; name another")
    return found


class Hashing:
    """A file that is hashed while it is written."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.digest = hashlib.sha256()
        self.error: OSError | None = None

    def write(self, data: Any) -> int:
        """Called by torch, which would hide what goes wrong."""
        try:
            self.digest.update(data)
            return self.file.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        """Called by torch."""
        self.file.flush()


def save(content: dict[str, Any], file: Hashing) -> None:
    """torch.save, with the error of the disk where there was one."""
    try:
        torch.save(content, file)  # type: ignore[arg-type]  # it writes and flushes, and no more
    except Exception:
        if file.error is not None:
            raise file.error from None
        raise


def keep_previous(path: Path) -> None:
    """Give the file a second name; between any two steps one pair of file and sha256 belongs together."""
    kept = previous(path)
    kept.parent.mkdir(exist_ok=True)
    temporary = kept.with_name(f".{kept.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    try:
        os.link(path, temporary)
    except OSError:  # a file system without such names
        shutil.copyfile(path, temporary)
    temporary.replace(kept)
    temporary.unlink(missing_ok=True)  # which is still there where both were names of one file
    own, *parts = digests(path).items()
    write_digest(kept, own[1], {f"../{name}": digest for name, digest in parts})
    sync_folder(kept.parent)


def write_digest(path: Path, digest: str, parts: Mapping[str, str] | None = None) -> None:
    """In the form of `sha256sum`, which can check it too."""
    files = {path.name: digest, **(parts or {})}
    with written_whole(digest_file(path)) as file:
        file.write("".join(f"{one}  {name}\n" for name, one in files.items()).encode())


def sync_folder(folder: Path) -> None:
    """Make the new names last; Windows has no such thing."""
    with suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def bring_back(path: Path) -> None:
    """Put the predecessor in the place of a checkpoint that a killed write has spoilt."""
    whole, _ = newest_whole(path)
    if whole not in (None, path):
        shutil.copyfile(whole, path)
        write_digest(path, sha256(path))


def clear_leftovers(folder: Path) -> None:
    """Remove what killed writes left behind in a run's folder: hidden names that end in a process number."""
    for place in (".", "checkpoints", "checkpoints/previous"):
        for path in (folder / place).glob(".*.[0-9]*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
