"""A column of a table: numbers or words, found out while its file is read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

MISSING = {"", "na", "n/a", "nan", "null", "?"}  # in lower case
DATE = re.compile(r"(\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([T ].*)?")


def is_missing(cell: str) -> bool:
    """Whether a cell says that its value is not known."""
    return cell.strip().lower() in MISSING


def as_number(cell: str) -> float | None:
    """The number in a cell, NaN where it is missing; None for a word."""
    try:
        return float(cell)
    except ValueError:
        return float("nan") if is_missing(cell) else None


@dataclass
class Column:
    """One column: numbers, with NaN where one is missing, or words, with "" there."""

    name: str
    numbers: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    words: list[str] = field(default_factory=list)
    stray: tuple[int, str] | None = None  # row and text of the first word among numbers

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Which rows have no value."""
        return np.array([not word for word in self.words]) if self.words else np.isnan(self.numbers)

    @property
    def dates(self) -> bool:
        """Whether it holds dates."""
        first = list(islice(filter(None, self.words), 100))
        return bool(first) and all(DATE.fullmatch(word.strip()) for word in first)


class Growing:
    """A column while its file is read: numbers as long as that can be."""

    def __init__(self, name: str, categorical: bool) -> None:
        self.name = name
        self.categorical = categorical
        self.parts: list[NDArray[np.float64] | list[str]] = []
        self.known: dict[str, str] = {}  # each word once, however often it comes
        self.rows = self.numbers = self.words = 0
        self.stray: tuple[int, str] | None = None

    def add(self, cells: Sequence[str]) -> None:
        """Take over the cells of the next rows."""
        try:
            if self.categorical:
                raise ValueError
            self.parts.append(np.array(cells, dtype=np.float64))
            self.numbers += len(cells)
        except ValueError:
            self._add_one_by_one(cells)
        self.rows += len(cells)

    def _add_one_by_one(self, cells: Sequence[str]) -> None:
        values = [None if self.categorical else as_number(cell) for cell in cells]
        given = [row for row, cell in enumerate(cells) if not is_missing(cell)]
        words = [row for row in given if values[row] is None]
        self.words += len(words)
        self.numbers += len(given) - len(words)
        if self.stray is None and words:
            self.stray = (self.rows + words[0], cells[words[0]])
        if words or self.categorical:
            texts = ("" if is_missing(cell) else cell.strip() for cell in cells)
            self.parts.append([self.known.setdefault(text, text) for text in texts])
        else:
            self.parts.append(np.array(values, dtype=np.float64))

    @property
    def mixed(self) -> bool:
        """Whether it is a column of words whose first numbers are no longer there as text."""
        return self.numbers <= self.words and any(isinstance(part, np.ndarray) for part in self.parts)

    def column(self) -> Column:
        """The whole column, once all rows are there."""
        if not self.words and not self.categorical:
            return Column(self.name, numbers=np.concatenate(self.parts))
        if self.numbers > self.words:
            return Column(self.name, stray=self.stray)
        return Column(self.name, words=list(chain.from_iterable(self.parts)))
