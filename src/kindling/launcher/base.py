"""What every launcher has: it starts a command in a place of its own, and says when it has ended."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path


class Launcher(ABC):
    """Starts commands; `at_once` is how many of them run together.

    The result of a job is in the files that it writes, and never in what the launcher hands back: of a
    machine that dies nothing comes back.
    """

    at_once: int

    def open(self, folder: Path) -> None:  # noqa: B027 - most need no preparation
        """Get ready for a sweep; `folder` takes logs; raises UserError where the engine is not there."""

    @abstractmethod
    def submit(self, command: Sequence[str], name: str) -> Future[str | None]:
        """Start a command; the future's result says in a line why it ended badly, None where it didn't."""

    @abstractmethod
    def stop(self) -> None:
        """End what is running, give it time to save, and wait for it."""
