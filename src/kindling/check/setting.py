"""What a file of `conf/` declares: a line on itself, and each setting's meaning, words and range.

A comment after a setting has clauses, set apart by `;`. The first may tell all other words that the
setting takes, `or max, none`; another its range, `above 0`, `1 or more`, `0 to below 1`. Both end
at a `:` too. They hold at any depth of the value: for one number, and for each of a list.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kindling.check.fit import Schema, spelled

LINE = re.compile(r"""( *)([\w.@/]+):(?: +((?:"[^"]*"|'[^']*'|[^#"'])*?))?(?:\s+# *(.*))?$""")
NUMBER = r"(-?\d+(?:\.\d+)?(?:e-?\d+)?)"
RANGE = re.compile(rf"(above )?{NUMBER} (?:or more|to (below )?{NUMBER})|(above) {NUMBER}")
GLOBAL = "# @package _global_"


@dataclass(frozen=True)
class Setting:
    """One line of a file: the dotted name in the configuration, the value as written, its comment."""

    name: str
    text: str
    comment: str
    file: Path

    @property
    def value(self) -> Any:
        """The value, where it stands on one line."""
        return parsed(self.text)

    @property
    def words(self) -> list[Any]:
        """All words that it takes; none where they aren't a closed list."""
        found = re.match(r"or ([^;:]+)(?:[;:]|$)", self.comment)
        words = re.split(r", (?:or )?| or ", found[1].strip()) if found else []
        closed = words and all(re.fullmatch(r"[\w.+-]+", word) for word in words)
        own = self.value if isinstance(self.value, list) else [] if "${" in self.text else [self.value]
        return list(dict.fromkeys([*own, *map(parsed, words)])) if closed else []

    @property
    def bounds(self) -> Schema:
        """The range of its numbers, as a JSON schema has it."""
        for clause in re.split(r"[;:]", self.comment):
            if found := RANGE.fullmatch(clause.strip()):
                above, low, below, high, only, start = found.groups()
                if only:
                    return {"exclusiveMinimum": parsed(start)}
                lower = {"exclusiveMinimum" if above else "minimum": parsed(low)}
                return lower | ({"exclusiveMaximum" if below else "maximum": parsed(high)} if high else {})
        return {}


@cache
def parsed(text: str) -> Any:
    """A value as Hydra reads it: PyYAML takes 1e-3 for a word."""
    if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)e[-+]?\d+", text):
        return float(text)
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):  # 2024-13-45 is no day
        return text


@cache
def description(path: Path) -> str:
    """The first comment of a file, without its period."""
    lines = path.read_text(encoding="utf-8").splitlines()
    comments = (line[1:].strip() for line in lines if line.startswith("#") and "@package" not in line)
    return next(comments, "").rstrip(".")


@cache
def read(path: Path, group: str = "") -> tuple[Setting, ...]:
    """The settings of a file, named as in the whole configuration; of a file that is there."""
    text = path.read_text(encoding="utf-8")
    start = "" if text.startswith(GLOBAL) or not group else f"{group}."
    return tuple(Setting(start + name, value, comment, path) for name, value, comment in lines(text))


def lines(text: str) -> Iterator[tuple[str, str, str]]:
    """Dotted name, value and comment of each line that sets something; `defaults` sets nothing."""
    above: list[tuple[int, str]] = []
    for line in text.splitlines():
        if not (found := LINE.match(line)):
            continue
        indent, key, value, comment = len(found[1]), found[2], found[3] or "", found[4] or ""
        above = [one for one in above if one[0] < indent]
        names = [name for _, name in above]
        above.append((indent, key))
        if "defaults" not in (key, *names[:1]):
            name = ".".join([*names, key])
            yield name, value.strip(), comment
            yield from inner(name, parsed(value))


def inner(name: str, value: Any) -> Iterator[tuple[str, str, str]]:
    """The settings of a mapping on one line."""
    for key, one in value.items() if isinstance(value, dict) else []:
        yield f"{name}.{key}", spelled(one), ""
        yield from inner(f"{name}.{key}", one)
