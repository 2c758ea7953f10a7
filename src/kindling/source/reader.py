"""CSV files to columns; light enough for the checks that run before torch is there."""

import csv
import gzip
import zlib
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Any, Literal, TextIO

import numpy as np

from kindling.error import DataError, suggest
from kindling.source.column import Column, Growing, as_number

Header = bool | Literal["auto"]
Name = str | int
CHUNK = 10_000  # rows that are turned together, so that a large file never stands in memory as text
DELIMITERS = ",;\t|"


@dataclass
class Table:
    """The columns of a file, and the line that each row stands on."""

    path: Path
    columns: list[Column]
    lines: Sequence[int]
    named: bool = True  # by a header; else by position

    def column(self, key: Name, setting: str) -> Column:
        """A column by its name, or by its position from 0 or, if negative, from the end."""
        names = [column.name for column in self.columns]
        if str(key) in names:
            return self.columns[names.index(str(key))]
        try:
            return self.columns[int(key)]
        except (ValueError, IndexError):
            known = f"{', '.join(names[:8])}{', …' if len(names) > 8 else ''}"
            hint = suggest(str(key), names)
            text = f"data.{setting}: {self.path} has no column {key}, expected one of {known}{hint}"
            raise DataError(text) from None

    def require_clean(self, column: Column, as_numbers: bool = False) -> None:
        """Refuse a word or an infinity among numbers; raises DataError."""
        if as_numbers and column.words:
            row = next((row for row, word in enumerate(column.words) if as_number(word) is None), 0)
            raise self.fail(column, row, f"expected numbers, got {column.words[row]!r}")
        if column.stray:
            row, word = column.stray
            header = "; is it a header? add data.header=true" if self.lines[row] == 1 else ""
            hint = header or f"; mend it, or add data.categorical=[{column.name}]"
            raise self.fail(column, row, f"expected a number, got {word!r}{hint}")
        infinite = np.isinf(column.numbers)
        if infinite.any():
            row = int(infinite.argmax())
            raise self.fail(column, row, f"expected a finite number, got {column.numbers[row]}")

    def fail(self, column: Column, row: int, what: str) -> DataError:
        """An error about one cell."""
        return DataError(f"{self.path}, line {self.lines[row]}, column {column.name}: {what}")


@lru_cache(maxsize=2)
def _read(
    path: Path, _: tuple[int, int], header: Header, delimiter: str, categorical: tuple[Name, ...]
) -> Table:
    with _opened(path) as file:
        first = file.readline()
        file.seek(0)
        chosen = max(DELIMITERS, key=first.count) if delimiter == "auto" else delimiter
        rows = csv.reader(file, delimiter=chosen, strict=True)
        numbered = ((rows.line_num, row) for row in rows if row)
        start = list(islice(numbered, CHUNK))
        if not start:
            raise DataError(f"{path}: expected a table, got an empty file")
        named = looks_like_header([row for _, row in start]) if header == "auto" else header
        names = _names(path, start.pop(0)[1]) if named else [str(at) for at in range(len(start[0][1]))]
        table = Table(path, [], array("q"), named)
        words = {table_name(names, key) for key in categorical}
        growing = [Growing(name, name in words) for name in names]
        _fill(path, chain(start, numbered), growing, table.lines)  # type: ignore[arg-type]
    if not table.lines:
        raise DataError(f"{path}: expected rows under its header, got none")
    mixed = [column.name for column in growing if column.mixed and column.name not in words]
    if mixed:
        return _read(path, _, header, delimiter, (*categorical, *mixed))
    table.columns = [column.column() for column in growing]
    return table


def table_name(names: Sequence[str], key: Name) -> str | None:
    """The name that a name or a position means; None where there is no such column."""
    if str(key) in names:
        return str(key)
    position = isinstance(key, int) and -len(names) <= key < len(names)
    return names[int(key)] if position else None


def read_table(
    path: Path, header: Header = "auto", delimiter: str = "auto", categorical: Sequence[Name] = ()
) -> Table:
    """The table in a CSV file, compressed or not; the same one again as long as the file is the same.

    `categorical` names columns that hold words even where they look like numbers. Raises DataError
    where the file is missing, damaged, or no table.
    """
    if not path.is_file():
        got = "a folder" if path.is_dir() else "nothing there"
        raise DataError(f"{path}: expected a CSV file, got {got}; set data.path")
    facts = path.stat()
    return _read(path, (facts.st_mtime_ns, facts.st_size), header, delimiter, tuple(categorical))


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: words, all different, that don't come again below."""
    first, *others = rows
    if len(set(first)) < len(first) or any(as_number(cell) is not None and cell for cell in first):
        return False
    numbers = any(as_number(cell) is not None and cell for row in others[:1] for cell in row)
    columns = zip(*others, strict=False)
    return numbers or all(cell not in column for cell, column in zip(first, columns, strict=False))


def _names(path: Path, cells: Sequence[str]) -> list[str]:
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
                raise DataError(f"{path}, line {line}: expected {len(columns)} cells, got {len(row)}")
        lines.extend(line for line, _ in part)
        for column, cells in zip(columns, zip(*(row for _, row in part), strict=True), strict=True):
            column.add(cells)


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    opener: Any = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rb") as raw:
            if b"\0" in raw.read(8192):
                raise DataError(f"{path}: expected a CSV file, got a binary one")
        with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
            yield file
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise DataError(f"{path}: expected UTF-8, got the byte 0x{byte:02x}; save it as UTF-8") from None
    except csv.Error as error:
        raise DataError(f"{path}: expected a CSV file ({error}); mend its quotes and line ends") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path}: damaged ({error}); restore it") from None
