"""A disk of which any step can fail: what a write does, one step after the other, and where it stops."""

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CALLS = ("fsync", "link", "replace", "unlink", "mkdir", "open")
Step = tuple[str, str]  # what, and of which file


class Killed(BaseException):
    """The process is gone: after it no step does anything."""


class Disk:
    """Counts the steps and lets one of them fail; after a kill all fail, those of `finally` too."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.steps: list[Step] = []
        self.fails_at = 0  # 1 is the first step; 0 is none
        self.error: BaseException = Killed()
        for name in CALLS:
            patch.setattr(os, name, self._call(name, getattr(os, name)))
        whole = Path.open
        patch.setattr(Path, "open", lambda path, mode="r", *a, **k: self._open(whole, path, mode, *a, **k))

    @contextmanager
    def failing(self, step: int, error: BaseException) -> Iterator[None]:
        """Let one step fail, and take what comes of it."""
        self.steps, self.fails_at, self.error = [], step, error
        try:
            yield
        except (OSError, Killed) as met:
            if met is not error:
                raise
        finally:
            self.fails_at = 0

    def step(self, what: str, path: Any) -> None:
        """Called for each, before it is done."""
        self.steps.append((what, str(path)))
        dead = isinstance(self.error, Killed) and len(self.steps) > self.fails_at
        if self.fails_at and (len(self.steps) == self.fails_at or dead):
            raise self.error

    def _call(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(target: Any, *more: Any, **words: Any) -> Any:
            path = Path(f"/proc/self/fd/{target}").readlink() if isinstance(target, int) else target
            self.step(name, path)
            return None if name == "fsync" else call(target, *more, **words)

        return stepped

    def _open(self, whole: Any, path: Path, mode: str, *arguments: Any, **words: Any) -> Any:
        if mode != "wb":
            return whole(path, mode, *arguments, **words)
        self.step("create", path)
        return io.BufferedWriter(Raw(path, self))


class Raw(io.FileIO):
    """A file whose writes are steps; one that fails has written a half."""

    def __init__(self, path: Path, disk: Disk) -> None:
        super().__init__(path, "wb")
        self.disk, self.path = disk, path

    def write(self, data: Any) -> int:
        try:
            self.disk.step("write", self.path)
        except BaseException:
            if len(self.disk.steps) == self.disk.fails_at:
                super().write(bytes(data)[: len(data) // 2])
            raise
        return super().write(data)
