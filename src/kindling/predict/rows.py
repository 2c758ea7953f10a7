"""Rows of tables as they come: of CSV, of JSON lines, or plain values; a part at a time."""

import csv
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from kindling.error import DataError
from kindling.predict.layout import Layout
from kindling.source.column import Column, Growing
from kindling.source.reader import Table, find_delimiter, read_header

VALUES = Path("input")  # what messages call rows that come from no file


class Row(NamedTuple):
    """The cells of a row, its number from 0, and the line that it stands on."""

    number: int
    line: int
    cells: Sequence[str]


@dataclass
class Part(Table):
    """Some rows of a table, which say nothing about the others."""

    unit: str = "line"
    start: int = 0  # number of the first row

    def fail(self, column: Column, row: int, what: str) -> DataError:
        """An error about one cell, without what only a training could mend."""
        told = what.rpartition("; ")[0] or what
        where = f"{self.path}, {self.unit} {self.lines[row]}, column {column.name}"
        return DataError(f"{where}: {told}; mend it")

    def _require_precision(self, column: Column) -> None:
        """The training's table has shown that 32 bits are enough."""


class Rows:
    """The rows of a table one after another, with the names of their columns."""

    def __init__(self, path: Path, names: Sequence[str], rows: Iterator[Row], unit: str = "line") -> None:
        self.path = path
        self.names = names
        self.rows = rows
        self.unit = unit

    def parts(self, size: int, words: Collection[str], overlap: int = 0) -> Iterator[Part]:
        """So many rows at a time after the last few of the part before; `words` are no numbers.

        Raises DataError where there is none.
        """
        rows: list[Row] = []
        while fresh := list(islice(self.rows, size)):
            rows = [*(rows[-overlap:] if overlap else []), *fresh]
            yield self._part(rows, words)
        if not rows:
            raise DataError(f"{self.path}: expected rows, got none; add some")

    def _part(self, rows: Sequence[Row], words: Collection[str]) -> Part:
        columns = [Growing(name, name in words) for name in self.names]
        for column, cells in zip(columns, zip(*(row.cells for row in rows), strict=True), strict=True):
            column.add(cells)
        found = [column.column() for column in columns]
        return Part(self.path, found, [row.line for row in rows], unit=self.unit, start=rows[0].number)


def read_rows(file: TextIO, path: Path, layout: Layout) -> Rows:
    """Those of JSON lines, where the first begins with a brace, or else of CSV; raises DataError."""
    first = file.readline()
    if first.lstrip().startswith("{"):
        return from_objects(objects(chain([first], file), path), path, layout)
    return from_csv(first, file, path, layout)


def from_csv(first: str, file: TextIO, path: Path, layout: Layout) -> Rows:
    """The rows of a CSV file whose first line has been read."""
    second = file.readline()
    mark = find_delimiter([first, second]) if layout.delimiter == "auto" else layout.delimiter
    reader = csv.reader(chain([first, second], file), delimiter=mark, strict=True)
    filled = ((reader.line_num, cells) for cells in reader if cells)
    start = next(filled, None)
    if start is None:
        raise DataError(f"{path}: expected a table, got nothing; name another")
    if layout.header:
        names = read_header(path, start[1])
        layout.require(names, f"{path}, line {start[0]}")
        layout.tell_of_others(names, str(path))
    else:
        names = layout.by_position(len(start[1]), f"{path}, line {start[0]}")
        filled = chain([start], filled)  # type: ignore[assignment]
    return Rows(path, names, numbered(filled, len(names), path))


def numbered(lines: Iterable[tuple[int, Sequence[str]]], count: int, path: Path) -> Iterator[Row]:
    """Rows of so many cells each; raises DataError."""
    for number, (line, cells) in enumerate(lines):
        if len(cells) != count:
            raise DataError(f"{path}, line {line}: expected {count} cells, got {len(cells)}; mend the line")
        yield Row(number, line, cells)


def objects(lines: Iterable[str], path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The object on each line; raises DataError."""
    for line, text in enumerate(lines, 1):
        if text.strip():
            try:
                found = json.loads(text)
            except ValueError:
                found = None
            if not isinstance(found, dict):
                raise DataError(f"{path}, line {line}: expected a JSON object; mend the line")
            yield line, found


def from_objects(
    found: Iterator[tuple[int, Mapping[str, Any]]], path: Path, layout: Layout, unit: str = "line"
) -> Rows:
    """Rows that name their values themselves; what isn't there is told, and None is missing."""
    start = next(found)
    layout.require(start[1], f"{path}, {unit} {start[0]}")
    layout.tell_of_others(start[1], str(path))
    names = [name for name in layout.names if name in start[1] or name in layout.wanted]

    def rows() -> Iterator[Row]:
        for number, (line, values) in enumerate(chain([start], found)):
            layout.require(values, f"{path}, {unit} {line}")
            yield Row(number, line, [cell(values.get(name)) for name in names])

    return Rows(path, names, rows(), unit)


def from_values(values: Iterator[Any], layout: Layout) -> Rows:
    """Rows as Python has them: mappings by column, or sequences in the order of the columns."""
    first = next(values)
    values = chain([first], values)
    if isinstance(first, Mapping):
        return from_objects(enumerate(values), VALUES, layout, "row")
    lines = enumerate([cell(value) for value in row] for row in values)
    names = layout.by_position(len(first), f"{VALUES}, row 0")
    return Rows(VALUES, names, numbered(lines, len(names), VALUES), "row")


def cell(value: Any) -> str:
    """A value as a file would have it."""
    return "" if value is None else str(value)
