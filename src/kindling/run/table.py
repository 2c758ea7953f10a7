"""Values in columns: as text that fits a terminal, and as CSV."""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any
from unicodedata import combining, east_asian_width

from kindling.error import MachineError
from kindling.source.path import user_path

GAP = "  "
SHORTEST = 12  # what is left of a text at least


@dataclass(frozen=True)
class Column:
    """A name and a cell a row; numbers stand at the right."""

    name: str
    cells: tuple[str, ...]
    is_number: bool

    @property
    def width(self) -> int:
        """Of the widest cell, in places of a terminal."""
        return max(map(places, (self.name, *self.cells)))


def text(value: Any) -> str:
    """A value in full, as a word of the command line would say it."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | dict | bool) or value is None:
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def column(name: str, values: Iterable[Any], digits: int | None = None) -> Column:
    """A column of such values; `digits` rounds its numbers."""
    values = list(values)
    numbers = [isinstance(value, int | float) and not isinstance(value, bool) for value in values]
    shown = [
        f"{value:.{digits}g}" if digits and isinstance(value, float) else text(value) for value in values
    ]
    cells = tuple("".join(one if one.isprintable() else "?" for one in cell) for cell in shown)
    is_number = all(one or not value for one, value in zip(numbers, values, strict=True))
    return Column(name, cells, is_number)


def fit(columns: Sequence[Column], limit: int, spare: Sequence[str] = ()) -> list[Column]:
    """Those that have room in so many places, first without the spare ones, then without the last."""
    kept = list(columns)
    least = {one.name: one.width if rigid(one, columns) else min(one.width, SHORTEST) for one in kept}
    dispensable = [one for name in spare for one in kept if one.name == name]
    for one in dispensable + [one for one in reversed(kept[1:]) if one.name not in spare]:
        if sum(least[left.name] + len(GAP) for left in kept) - len(GAP) > limit:
            kept.remove(one)
    over = sum(one.width + len(GAP) for one in kept) - len(GAP) - limit
    for number, one in sorted(enumerate(kept), key=lambda pair: -pair[1].width):
        if over > 0 and not rigid(one, columns):
            target = max(SHORTEST, one.width - over)
            over -= max(0, one.width - target)
            kept[number] = replace(one, cells=tuple(shorten(cell, target) for cell in one.cells))
    return kept


def rigid(one: Column, columns: Sequence[Column]) -> bool:
    """Whether a column makes no sense when it is cut: a number, or the first, which names the row."""
    return one.is_number or one is columns[0] or places(one.name) > SHORTEST


def lines(columns: Sequence[Column]) -> list[str]:
    """The table, with its names on top."""
    rows = zip(*((one.name, *one.cells) for one in columns), strict=True)
    return [GAP.join(map(pad, row, columns)).rstrip() for row in rows]


def pad(cell: str, one: Column) -> str:
    """A cell as wide as its column."""
    blanks = " " * (one.width - places(cell))
    return blanks + cell if one.is_number else cell + blanks


def places(text: str) -> int:
    """How many places a terminal needs."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(one) else 1 + (east_asian_width(one) in "WF") for one in text)


def shorten(text: str, limit: int) -> str:
    """The beginning of a text that is too long."""
    if places(text) <= limit:
        return text
    while places(text) >= limit:
        text = text[:-1]
    return f"{text}…"


def as_csv(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """All in full, with a line of names."""
    buffer = StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([text(value) for value in row] for row in rows)
    return buffer.getvalue()


def write_csv(file: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """All in full, to a file that is replaced, or with - to standard output."""
    told = as_csv(names, rows)
    if file == "-":
        print(told, end="")
    else:  # a name that isn't Unicode shall not end it
        try:
            user_path(file).write_text(told, encoding="utf-8", errors="backslashreplace", newline="\n")
        except FileNotFoundError as error:
            told = f"{file}: can't be written ({error.strerror})"
            raise MachineError(f"{told}; name another in a folder that is there") from None


def size(number: float) -> str:
    """Bytes in a unit that people read."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < 1000 or unit == "GB":
            break
        number /= 1000
    return f"{number:.0f} {unit}" if number >= 10 or unit == "bytes" else f"{number:.1f} {unit}"
