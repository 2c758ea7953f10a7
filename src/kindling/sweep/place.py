"""The folder of a sweep: found again by the same command, and held by one process at a time."""

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from kindling.error import ConfigError, RunError
from kindling.run.process import alone, lives, this_process
from kindling.run.word import read_json
from kindling.source.whole import written_whole

FILE = "sweep.json"
LONGEST = 60  # characters of a name that is made


def name_of(name: str | None, kind: str, keys: Sequence[str], identity: str) -> str:
    """The name that was given, or one of what is swept over and what is the same in all jobs."""
    if name is not None and not re.fullmatch(r"(?!\.)[\w.+-]+", name):
        raise ConfigError(
            f"sweep.name: expected letters, digits and _ . + -, and no . first, got {name}; choose another"
        )
    digest = hashlib.sha256(json.dumps([kind, sorted(keys), identity]).encode()).hexdigest()[:6]
    made = "+".join([kind, *(re.split("[./]", key)[-1] for key in keys)])
    return name or f"{made[:LONGEST]}-{digest}"


class Place:
    """A sweep's folder and its sweep.json, which says who runs it, and how it stands.

    With `fresh`, what was there before is kept under another name.
    """

    def __init__(self, folder: Path, facts: dict[str, Any], fresh: bool = False) -> None:
        self.folder = folder
        self.facts = facts
        self.fresh = fresh
        self.notes: list[str] = []

    def __enter__(self) -> "Place":
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with alone(self.folder):
            before = self._require_idle()
            if self.fresh and self.folder.exists():
                self._move_away()
                before = {}
            self.folder.mkdir(exist_ok=True)
            self._require_same(before)
            self._write("running")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._write("ended" if kind is None else "stopped")

    def _require_idle(self) -> dict[str, Any]:
        found = read_json(self.folder / FILE)
        process = found.get("process")
        if found.get("status") == "running" and lives(process):
            pid = process["pid"] if isinstance(process, dict) else process
            raise RunError(f"{self.folder}: is running, as process {pid}; wait for it or stop it")
        return found

    def _require_same(self, before: dict[str, Any]) -> None:
        """Refuse the folder of another sweep."""
        if before and any(before.get(name) != self.facts[name] for name in ("kind", "keys", "base")):
            raise RunError(
                f"{self.folder}: holds another sweep ({' '.join(map(str, before.get('words', ())))}); "
                "choose another sweep.name, or add sweep.fresh=true"
            )

    def _move_away(self) -> None:
        number = 1
        while (aside := self.folder.with_name(f"{self.folder.name}.{number}")).exists():
            number += 1
        self.folder.rename(aside)
        self.notes.append(f"starts over; what was there is in {aside}")

    def _write(self, status: str) -> None:
        when = f"{datetime.now().astimezone():%Y-%m-%dT%H:%M:%S%z}"
        facts = {"status": status, **self.facts, "written": when, "process": this_process()}
        with written_whole(self.folder / FILE) as file:
            file.write(f"{json.dumps(facts, indent=2, ensure_ascii=False)}\n".encode())
