"""CSV files to columns; light enough for the checks that run before torch is there."""

import csv
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from shlex import quote
from typing import Literal

import numpy as np

from kindling.error import DataError, suggest
from kindling.source.column import Column, Growing, as_number
from kindling.source.text import opened

Header = bool | Literal["auto"]
Name = str | int
CHUNK = 10_000  # rows that are turned together, so that a large file never stands in memory as text
DELIMITERS = ",;\t|"
LARGEST = float(np.finfo(np.float32).max)
LOST = 0.01  # standard deviations


@dataclass
class Table:
    """The columns of a file, and the line that each row stands on."""

    path: Path
    columns: list[Column]
    lines: Sequence[int]
    named: bool = True  # by a header; else by position

    def column(self, key: Name, setting: str) -> Column:
        """A column by its name or, if a whole number, by its position from 0 or from the end."""
        names = [column.name for column in self.columns]
        name = column_name(names, key)
        if name is None:
            known = f"{', '.join(names[:8])}{', …' if len(names) > 8 else ''}"
            hint = suggest(str(key), names)
            if not self.named and not isinstance(key, int):
                hint = "; if its first line names the columns, add data.header=true"
            text = f"data.{setting}: {self.path} has no column {key}, expected one of {known}{hint}"
            raise DataError(text)
        return self.columns[names.index(name)]

    def require_clean(self, column: Column, as_numbers: bool = False) -> None:
        """Refuse a word or an infinity among numbers; raises DataError."""
        if as_numbers and column.words:
            row = next((row for row, word in enumerate(column.words) if as_number(word) is None), 0)
            raise self.fail(column, row, f"expected numbers, got {column.words[row]!r}; mend it")
        if column.stray:
            row, word = column.stray
            header = "is it a header? add data.header=true" if self.lines[row] == 1 else ""
            codes = "" if as_numbers else f", or add {quote(f'data.categorical=[{column.name}]')}"
            hint = header or f"mend it{codes}"
            raise self.fail(column, row, f"expected a number, got {word!r}; {hint}")
        large = np.abs(column.numbers) > LARGEST
        if large.any():
            row = int(large.argmax())
            what = f"expected a number up to {LARGEST:.1e}, got {column.numbers[row]}"
            raise self.fail(column, row, f"{what}; mend it or take the row out")
        self._require_precision(column)

    def _require_precision(self, column: Column) -> None:
        """Refuse numbers that 32 bits can't tell apart, as times in seconds; raises DataError."""
        given = column.numbers[~np.isnan(column.numbers)]
        if not len(given):
            return
        lost = np.abs(given - given.astype(np.float32)).max()
        if lost > LOST * given.std() > 0:
            what = f"{given[0]:.15g} and its like differ by too little for 32 bits"
            raise DataError(f"{self.path}, column {column.name}: {what}; subtract the smallest from all")

    def fail(self, column: Column, row: int, what: str) -> DataError:
        """An error about one cell."""
        return DataError(f"{self.path}, line {self.lines[row]}, column {column.name}: {what}")


@lru_cache(maxsize=2)
def _read(
    path: Path,
    _: tuple[int, int],  # time and size: another file under the same name is read anew
    header: Header,
    delimiter: str,
    categorical: tuple[Name, ...],
    wanted: tuple[Name, ...],
) -> Table:
    with opened(path) as file:
        chosen = find_delimiter([file.readline(), file.readline()]) if delimiter == "auto" else delimiter
        file.seek(0)
        rows = csv.reader(file, delimiter=chosen, strict=True)
        numbered = ((rows.line_num, row) for row in rows if row)
        start = list(islice(numbered, CHUNK))
        if not start:
            raise DataError(f"{path}: expected a table, got an empty file")
        named = looks_like_header([row for _, row in start], wanted) if header == "auto" else header
        names = read_header(path, start.pop(0)[1]) if named else [str(at) for at in range(len(start[0][1]))]
        table = Table(path, [Column(name) for name in names], array("q"), named)
        words = {table.column(key, "categorical").name for key in categorical}
        growing = [Growing(name, name in words) for name in names]
        _fill(path, chain(start, numbered), growing, table.lines)  # type: ignore[arg-type]
    if not table.lines:
        raise DataError(f"{path}: expected rows under its header, got none; add some")
    table.columns = [column.column() for column in growing]
    return table


def column_name(names: Sequence[str], key: Name) -> str | None:
    """The name that a name or a position means; None where there is no such column."""
    if str(key) in names:
        return str(key)
    is_position = type(key) is int and -len(names) <= key < len(names)
    return names[int(key)] if is_position else None


def read_table(
    path: Path,
    header: Header = "auto",
    delimiter: str = "auto",
    categorical: Sequence[Name] = (),
    wanted: Sequence[Name] = (),
    setting: str = "path",
) -> Table:
    """The table in a CSV file, compressed or not; the same one again as long as the file is the same.

    `categorical` names columns that hold words even where they look like numbers, and `wanted` others
    that there should be: a first line that has one of these names is a header. Raises DataError where
    the file, which `setting` named, is missing, damaged, or no table.
    """
    if not path.is_file():
        got = "a folder" if path.is_dir() else "something else" if path.exists() else "nothing there"
        raise DataError(f"{path}: expected a CSV file, got {got}; set data.{setting}")
    facts = path.stat()
    settings = (header, delimiter, tuple(categorical), tuple(wanted))
    return _read(path, (facts.st_mtime_ns, facts.st_size), *settings)


def find_delimiter(lines: Sequence[str]) -> str:
    """What stands between the cells: as often in the second line as in the first, where anything does."""
    first, second = lines
    steady = [mark for mark in DELIMITERS if first.count(mark) == second.count(mark) > 0]
    return max(steady or DELIMITERS, key=first.count)


def looks_like_header(rows: Sequence[Sequence[str]], wanted: Sequence[Name] = ()) -> bool:
    """Whether the first row names the columns: words, all different, that don't come again below."""
    first, *others = rows
    if any(isinstance(name, str) and name in map(str.strip, first) for name in wanted):
        return True
    if len(set(first)) < len(first) or any(as_number(cell) is not None and cell for cell in first):
        return False
    numbers = any(as_number(cell) is not None and cell for row in others[:1] for cell in row)
    columns = zip(*others, strict=False)
    return numbers or all(cell not in column for cell, column in zip(first, columns, strict=False))


def read_header(path: Path, cells: Sequence[str]) -> list[str]:
    """The names of the columns; raises DataError where two are the same."""
    names = [cell.strip() for cell in cells]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        got = f"{twice or 'no name'} twice"
        raise DataError(f"{path}, line 1: expected different names, got {got}; rename one")
    return names


def _fill(
    path: Path, rows: Iterator[tuple[int, list[str]]], columns: Sequence[Growing], lines: "array[int]"
) -> None:
    while part := list(islice(rows, CHUNK)):
        for line, row in part:
            if len(row) != len(columns):
                what = f"expected {len(columns)} cells, got {len(row)}"
                raise DataError(f"{path}, line {line}: {what}; mend the line or set data.delimiter")
        lines.extend(line for line, _ in part)
        for column, cells in zip(columns, zip(*(row for _, row in part), strict=True), strict=True):
            column.add(cells)
