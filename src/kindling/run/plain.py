"""Small files that somebody left, read as plain values however odd they are."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

LARGEST = 2**24  # bytes of a file
LONGEST = 2**18  # characters of settings: YAML takes seconds for more
DEEP = 4000  # characters that can't nest so deep that the fast parser ends Python
FastLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_text(path: Path) -> str:
    """A file of a size that a run writes; raises ValueError."""
    if path.stat().st_size > LARGEST:
        raise ValueError(f"more than {LARGEST} bytes")
    return path.read_text(encoding="utf-8")


def parse_sections(text: str) -> dict[str, Any]:
    """YAML as it is written for a run, one top-level key after the other; most are those of the last run."""
    if len(text) > LONGEST:
        raise ValueError(f"more than {LONGEST} characters")
    number = 0

    def section(line: str) -> int:
        nonlocal number
        number += line[:1] not in (" ", "-", "#", "\n")
        return number

    found: dict[str, Any] = {}
    for _, lines in groupby(text.splitlines(keepends=True), section):
        found |= parse_yaml("".join(lines)) or {}
    return found


@lru_cache(maxsize=4096)
def parse_yaml(text: str) -> Any:
    """Plain values; raises ValueError for aliases, of which a few lines can make millions of values."""
    loader = FastLoader if len(text) < DEEP else yaml.SafeLoader
    if "*" in text and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
        raise ValueError("aliases")
    return yaml.load(text, loader)


def flat(settings: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted names with their values; lists are values."""
    for key, value in settings.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def number(value: Any) -> float | None:
    """A number, or a word that is one."""
    try:
        return None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return None
