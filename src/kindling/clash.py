"""Regularizers that can't be chosen together, as the last of them would silently win."""

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from kindling.error import ConfigError


def require_agreement(conf: Path, overrides: list[str]) -> None:
    """Refuse two regularizers that set the same thing to different values; raises ConfigError."""
    for first, second in combinations(chosen(overrides), 2):
        one, other = (dict(leaves(read(conf / "regularizer" / f"{word}.yaml"))) for word in (first, second))
        for name in one.keys() & other.keys():
            if one[name] != other[name]:
                values = f"{one[name]} and {other[name]}"
                raise ConfigError(
                    f"regularizer=[{first},{second}]: set {name} to {values}; choose one of them"
                )


def chosen(overrides: list[str]) -> list[str]:
    """The words of regularizer=[…] on a command line."""
    lists = [re.fullmatch(r"\+?regularizer=\[(.*)\]", word) for word in overrides]
    return [word.strip(" '\"") for found in lists if found for word in found[1].split(",") if word.strip()]


def read(path: Path) -> Any:
    """What a YAML sets; nothing where there is none, which Hydra has told."""
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}


def leaves(settings: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every setting by its dotted name, with its value."""
    for key, value in (settings or {}).items():
        if isinstance(value, dict):
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
