"""The jobs of a sweep: which are the same as one of before, and where each one lies."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kindling.run.entry import Entry

NAME = re.compile(r"(\d{3,})-([0-9a-f]{8})")
SWEEP = ("seeds", "cv", "sweep", "launcher")  # settings of the whole, of which a job knows nothing
IGNORED = (*SWEEP, "logger", "save_interval", "resume", "check", "trial")  # alter no result


@dataclass(frozen=True)
class Job:
    """One run of a sweep: its words, and its folder."""

    words: tuple[str, ...]
    folder: Path

    @property
    def number(self) -> int:
        """Its place in the order of the sweep's jobs."""
        return int(self.folder.name.partition("-")[0])

    def entry(self) -> Entry | None:
        """What it has left so far; None where it has not begun."""
        try:
            return Entry(self.folder)
        except (OSError, ValueError):
            return None

    @property
    def status(self) -> str:
        """As it wrote it: done, failed, stopped, pruned, running, or killed; `lost` without any."""
        entry = self.entry()
        return str(entry.facts["status"]) if entry else "lost"


def identity(settings: Mapping[str, Any], words: Sequence[str]) -> str:
    """Tells one job from another by what it trains, so that the same one is known again.

    settings: as they were composed and not yet resolved, so that a path of another machine changes nothing
    words: of what is swept over, which may be a setting that alters no result
    """
    told = {name: value for name, value in settings.items() if name not in IGNORED}
    text = json.dumps([told, sorted(words)], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


class Folders:
    """The folders of a sweep's jobs, by their number and identity; a grid may grow, and none is moved."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        found = (NAME.fullmatch(path.name) for path in folder.iterdir() if path.is_dir())
        self.known = {name[2]: name[0] for name in found if name}
        self.next = 1 + max((int(name.partition("-")[0]) for name in self.known.values()), default=-1)

    def of(self, job: str) -> Path:
        """Where a job lies, or will."""
        if job not in self.known:
            self.known[job] = f"{self.next:03}-{job}"
            self.next += 1
        return self.folder / self.known[job]
