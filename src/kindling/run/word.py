"""The words that a run began with, and those of a line that resumes it."""

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from kindling.error import ConfigError, RunError
from kindling.run.find import find_run

WORD = re.compile(r"[+~]{0,2}[A-Za-z_][\w./-]*(=|$)")


def continued(words: list[str]) -> list[str]:
    """The words of a line, with those that the run began with that it resumes; raises UserError."""
    name = value_of("resume", words)
    if name in (None, "null"):
        return words
    if not name:
        raise ConfigError("resume: expected a run's folder, last or auto, got nothing; write resume=last")
    several = [value_of(key, words) for key in ("seeds", "cv")]
    if {"-m", "--multirun"} & set(words) or not {*several} <= {None, "1", "null"}:
        raise ConfigError(
            "resume: expected one run, got a sweep; name one of its jobs, without -m, seeds or cv"
        )
    folder = value_of("hydra.run.dir", words)
    if name == "auto":
        if folder is None:
            raise ConfigError("resume=auto: expected a folder of its own; add hydra.run.dir=FOLDER")
        return words
    if folder is not None and os.environ.get("LOCAL_RANK", "0") != "0":
        return words  # as the first process has made them, which started this one
    if folder is not None:
        raise ConfigError("resume: the run has its folder; leave out hydra.run.dir")
    run = find_run(str(name)).absolute()
    line = [word for word in words if key_of(word) != "resume"]
    keys = {key_of(word) for word in line}
    begun = [word for word in stored_words(run) if key_of(word) not in {*keys, "resume", "check"}]
    where = quoted(run)
    return [*begun, *line, f"resume={where}", f"hydra.run.dir={where}"]


def stored_words(folder: Path) -> list[str]:
    """The words that a run began with; raises RunError where they do more than set something.

    Somebody else's could steer Hydra itself, which would run what they name.
    """
    words: list[str] = read_status(folder).get("overrides") or []
    for word in words if isinstance(words, list) else [None]:
        if not isinstance(word, str) or not WORD.match(word) or key_of(word).startswith("hydra"):
            path = folder / "status.json"
            raise RunError(
                f"{path}: expected settings among its overrides, got {str(word)[:60]!r}; remove it"
            )
    return words


def quoted(path: Path | str) -> str:
    """A path as a value of Hydra's grammar."""
    return "'" + str(path).replace("\\", "\\\\").replace("'", "\\'") + "'"


def words_of(overrides: list[str]) -> set[str]:
    """The words of a run but for that which resumes it."""
    return {word for word in overrides if key_of(word) != "resume"}


def key_of(word: str) -> str:
    """The setting that a word is about."""
    return word.partition("=")[0].lstrip("+~")


def value_of(key: str, words: list[str]) -> str | None:
    """What the last word about a setting says, without quotes; None where there is none."""
    found = [word.partition("=")[2] for word in words if key_of(word) == key and "=" in word]
    return found[-1].strip("'\"") if found else None


def read_status(folder: Path) -> dict[str, Any]:
    """How a run went; empty where that can't be read."""
    return read_json(folder / "status.json")


def read_json(path: Path) -> dict[str, Any]:
    """A file of plain values; empty where it is missing or damaged."""
    with suppress(OSError, ValueError):
        found = json.loads(path.read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    return {}
