"""One run of a list, by the files that it left; each is read when it is asked for."""

import csv
import json
import math
import shlex
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from kindling.error import one_line
from kindling.run.plain import flat, number, parse_sections, read_text
from kindling.run.process import lives

STATUSES = ("running", "done", "failed", "stopped", "pruned")  # as written; `killed` is seen from outside
STATUS = "status.json"
NOTHING = ""  # the value of what a run doesn't have


class Entry:
    """The facts of one run by their names; what can't be read is noted, and then not there."""

    def __init__(self, folder: Path, is_named: bool = False) -> None:
        self.folder = folder
        self.notes: list[str] = []
        # what somebody named is a run, whatever became of its status; of what was found only that can tell
        found = self.read(STATUS, lambda _: read_status(folder)) if is_named else read_status(folder)
        self.facts: dict[str, Any] = found

    def read(self, name: str, parse: Callable[[str], Any]) -> dict[str, Any]:
        """What a file of the run holds; nothing where it is missing."""
        path = self.folder / name
        try:
            return dict(parse(read_text(path)))
        except FileNotFoundError:
            return {}
        except Exception as error:  # parsers raise errors of any kind over a foreign file
            self.notes.append(f"{path}: can't be read ({one_line(error)}); it is left out")
            return {}

    @cached_property
    def settings(self) -> dict[str, Any]:
        """Value of each setting, by its dotted name."""
        return self.read("config.yaml", lambda text: flat(parse_sections(text)))

    @cached_property
    def metrics(self) -> dict[str, Any]:
        """Results by their names; without final ones, those of the best epoch so far."""
        found = self.read("metrics.json", json.loads) or self.read("metrics.csv", self.best_row)
        return {name: value for name, value in found.items() if number(value) is not None}

    def best_row(self, text: str) -> dict[str, float]:
        """The epoch with the best monitored value."""
        metric, mode = self.monitor
        sign = -1 if mode == "max" else 1
        rows = [
            {name: number(value) for name, value in row.items()} for row in csv.DictReader(text.splitlines())
        ]
        found = [row for row in rows if math.isfinite(row.get(metric) or math.nan)]
        best = min(found, key=lambda row: sign * (row[metric] or 0), default={})
        return {name: value for name, value in best.items() if value is not None}

    @property
    def monitor(self) -> tuple[str, str]:
        """The metric by which the best epoch is known, and its mode."""
        return str(self.settings.get("monitor.metric", "")), str(self.settings.get("monitor.mode", ""))

    @cached_property
    def epochs(self) -> Any:
        """The last epoch that was trained."""
        return self.read("metrics.csv", last_epoch).get("epoch", NOTHING)

    @property
    def overrides(self) -> list[str]:
        """The words that it was called with."""
        found = self.facts.get("overrides")
        return [str(word) for word in found] if isinstance(found, list) else []

    @cached_property
    def words(self) -> dict[str, str]:
        """What each of these words sets, by its name."""
        parts = (word.partition("=") for word in self.overrides)
        return {name.lstrip("+"): value for name, _, value in parts}

    @property
    def command(self) -> str:
        """What was typed."""
        return shlex.join(["python", "train.py", *self.overrides])

    @property
    def began(self) -> datetime:
        """When, in local time."""
        try:
            return datetime.fromisoformat(str(self.facts.get("started"))).astimezone()
        except (ValueError, OverflowError, OSError):
            return datetime.fromtimestamp(0).astimezone()

    def choice(self, group: str) -> Any:
        """The word chosen in a group; by its class, where that was neither noted nor typed."""
        noted = self.facts.get("choices")
        known = {**self.words, **(noted if isinstance(noted, dict) else {})}
        target = str(self.settings.get(f"{group}._target_", NOTHING))
        return known.get(group, target.rpartition(".")[2].lower())

    def value(self, name: str) -> Any:
        """A fact, a metric, a setting or the word of a group; NOTHING where the run has none."""
        if name in FACTS:
            return FACTS[name](self)
        for known in (self.metrics, self.settings):
            if name in known:
                return known[name]
        return self.choice(name)

    def names(self) -> list[str]:
        """All that it has a value of."""
        groups = {name.partition(".")[0] for name in self.settings if name.endswith("._target_")}
        return [*FACTS, *self.metrics, *self.words, *sorted(groups), *self.settings]


FACTS: dict[str, Callable[[Entry], Any]] = {
    "run": lambda run: str(run.folder),
    "when": lambda run: f"{run.began:%Y-%m-%d %H:%M:%S}" if "started" in run.facts else NOTHING,
    "status": lambda run: run.facts.get("status", NOTHING),
    "words": lambda run: " ".join(run.overrides),
    "epochs": lambda run: run.epochs,
    "seconds": lambda run: run.facts.get("seconds") or NOTHING,
    "exit_code": lambda run: run.facts.get("exit_code"),
    "error": lambda run: run.facts.get("error") or NOTHING,
}


def read_status(folder: Path) -> dict[str, Any]:
    """How a run stands; raises ValueError or OSError for what no run has written."""
    for _ in range(2):  # it may end between a look at the file and one at the process
        found = json.loads(read_text(folder / STATUS))
        if not isinstance(found, dict) or found.get("status") not in STATUSES:
            raise ValueError(f"expected a status, one of {', '.join(STATUSES)}")
        if found["status"] != "running" or lives(found.get("process")) is not False:
            return found
    return {**found, "status": "killed"}


def last_epoch(text: str) -> dict[str, int]:
    """What the last row begins with; nothing of a table without rows."""
    _, *rows = text.splitlines() or [""]
    return {"epoch": int(rows[-1].partition(",")[0])} if rows else {}
