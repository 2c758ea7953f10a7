"""A column of a table: numbers or words, found out while its file is read."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise

import numpy as np
from numpy.typing import NDArray

MISSING = {"", "-", "na", "n/a", "nan", "null", "?"}  # in lower case
DATE = re.compile(r"(\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([T ].*)?")
ODD_NUMBER = re.compile(r"0x[0-9a-f]+|\d{1,2}:\d{2}(:\d{2})?|[-+]?\W?\d[\d.,' _]*\W?", re.IGNORECASE)
LOOKED_AT = 100  # rows that tell what kind of words a column holds


def is_missing(cell: str) -> bool:
    """Whether a cell says that its value is not known."""
    return cell.strip().lower() in MISSING


def as_number(cell: str) -> float | None:
    """The number in a cell, NaN where it is missing; None for a word."""
    try:
        return None if "_" in cell else float(cell)  # Python's own 1_000 is nobody's number
    except ValueError:
        return float("nan") if is_missing(cell) else None


@dataclass
class Column:
    """One column: numbers, with NaN where one is missing, or words as they stand in the file."""

    name: str
    numbers: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    words: list[str] = field(default_factory=list)
    stray: tuple[int, str] | None = None  # row and text of the first word among numbers
    told: bool = False  # that its words are categories, whatever they look like

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Which rows have no value."""
        if not self.words:
            return np.isnan(self.numbers)
        gone = {word for word in set(self.words) if is_missing(word)}
        return np.array([word in gone for word in self.words])

    @property
    def categories(self) -> list[str]:
        """The different words in order, without those that say that a value is missing."""
        return sorted({word.strip() for word in set(self.words) if not is_missing(word)})

    @property
    def dates(self) -> bool:
        """Whether it holds dates."""
        return self._all_match(DATE)

    @property
    def odd_numbers(self) -> bool:
        """Whether it holds numbers in a form that can't be read, as 1.000,5 or 45%."""
        return self._all_match(ODD_NUMBER)

    def falls(self) -> int | None:
        """The first row with an earlier date than the row before, whichever way its dates are written."""
        found = [first_fall(map(order, self.words)) for order in ORDERS]
        return None if None in found else found[0]

    def _all_match(self, form: re.Pattern[str]) -> bool:
        given = (word.strip() for word in self.words if not is_missing(word))
        first = list(islice(given, LOOKED_AT))
        return bool(first) and all(form.fullmatch(word) for word in first)


def order_by(*places: int) -> Callable[[str], tuple[list[int], str]]:
    """How to compare dates whose year, month and day stand at these places."""

    def key(date: str) -> tuple[list[int], str]:
        day, _, time = date.strip().replace("T", " ").partition(" ")
        parts = [int(part) for part in re.findall(r"\d+", day)]
        return [parts[place] if place < len(parts) else 0 for place in places], time

    return key


ORDERS = [order_by(0, 1, 2), order_by(2, 1, 0), order_by(2, 0, 1)]  # ISO, European, American


def first_fall(keys: Iterable[tuple[list[int], str]]) -> int | None:
    """The number of the first key that is smaller than the one before it."""
    return next((at for at, (before, key) in enumerate(pairwise(keys), 1) if key < before), None)


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
            if self.categorical or any("_" in cell for cell in cells):
                raise ValueError
            part = np.array(cells, dtype=np.float64)
            self.parts.append(part)
            self.numbers += int((~np.isnan(part)).sum())
        except ValueError:
            self._add_one_by_one(cells)
        self.rows += len(cells)

    def _add_one_by_one(self, cells: Sequence[str]) -> None:
        values = [None if self.categorical else as_number(cell) for cell in cells]
        words = [row for row, cell in enumerate(cells) if values[row] is None and not is_missing(cell)]
        self.words += len(words)
        self.numbers += sum(value is not None and value == value for value in values)
        if self.stray is None and words:
            self.stray = (self.rows + words[0], cells[words[0]])
        if self.categorical or (words and not self.numbers):
            self.parts.append([self.known.setdefault(cell, cell) for cell in cells])
        else:
            self.parts.append(np.array(values, dtype=np.float64))

    def column(self) -> Column:
        """The whole column, once all rows are there."""
        if self.categorical or (self.words and not self.numbers):
            gone = [[""] * len(part) if isinstance(part, np.ndarray) else part for part in self.parts]
            return Column(self.name, words=list(chain.from_iterable(gone)), told=self.categorical)
        if self.words:
            return Column(self.name, stray=self.stray)
        return Column(self.name, numbers=np.concatenate(self.parts))
