"""What the columns of a table become: a number each, or one number a category."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from shlex import quote
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kindling.error import DataError
from kindling.source.column import Column, is_missing
from kindling.source.reader import Table

log = logging.getLogger(__name__)
Missing = Literal["error", "drop", "mean", "mode"]
Values = NDArray[np.float64]
MOST_CATEGORIES = 100


@dataclass
class Feature:
    """A column that is learned from; all that is needed to read it again from another file."""

    name: str
    categories: tuple[str, ...] = ()  # none for a column of numbers
    fill: float | None = None  # the number, or the position of the category, for what is missing

    @property
    def names(self) -> list[str]:
        """A name for each number that it becomes."""
        return [f"{self.name}={word}" for word in self.categories] or [self.name]

    def read(self, column: Column) -> Values:
        """Numbers, or positions of categories; NaN where missing, -1 where the category is unknown."""
        if not self.categories:
            return column.numbers
        position = {word: float(at) for at, word in enumerate(self.categories)}
        read = {
            word: np.nan if is_missing(word) else position.get(word.strip(), -1.0)
            for word in set(column.words)
        }
        return np.array([read[word] for word in column.words])

    def measure(self, values: Values, missing: Missing) -> None:
        """Find what stands for a missing value, in the rows of the training split."""
        given = values[~np.isnan(values) & (values != -1 if self.categories else True)]
        if len(given) == 0:
            self.fill = 0.0
        elif missing == "mean" and not self.categories:
            self.fill = float(given.mean())
        else:
            found, counts = np.unique(given, return_counts=True)
            self.fill = float(found[counts.argmax()])

    def encode(self, values: Values) -> Tensor:
        """What `read` gave, to (rows, len(names)); a category that is unknown becomes zeros."""
        if self.fill is not None:
            values = np.where(np.isnan(values), self.fill, values)
        if not self.categories:
            return torch.from_numpy(values.astype(np.float32))[:, None]
        return torch.from_numpy(values[:, None] == np.arange(len(self.categories))).float()

    def plain(self) -> dict[str, Any]:
        """For the checkpoint."""
        return {"name": self.name, "categories": list(self.categories), "fill": self.fill}


def make_feature(table: Table, column: Column) -> Feature:
    """What a column becomes; raises DataError where it is of no use as it is."""
    table.require_clean(column)
    hint = f"leave it out with {quote(f'data.drop=[{column.name}]')}"
    where = f"{table.path}, column {column.name}"
    if not column.name:
        at = [found is column for found in table.columns].index(True)
        raise DataError(f"{table.path}, line 1: column {at} has no name; name it, or data.drop=[{at}]")
    if column.dates:
        raise DataError(f"{where}: holds dates; {hint}, or forecast a series with data=timeseries")
    if column.odd_numbers and not column.told:
        what = f"expected numbers such as 1234.5, got {column.categories[0]!r}"
        codes = quote(f"data.categorical=[{column.name}]")
        raise DataError(f"{where}: {what}; write them so, or, if they are codes, add {codes}")
    if column.missing.all():
        raise DataError(f"{where}: expected values, got none at all; {hint}")
    categories = tuple(column.categories)
    if len(categories) > MOST_CATEGORIES:
        limit = f"expected at most {MOST_CATEGORIES} categories"
        if len(categories) == len(column.words):
            hint = f"if it is an id, add {quote(f'data.id_column={column.name}')}, else {hint}"
        raise DataError(f"{where}: {limit}, got {len(categories)} different words; {hint}")
    if len(column.numbers) > 2 and (np.diff(column.numbers) == 1).all():
        log.warning("%s: counts the rows; if it is an id, add data.id_column=%s", where, column.name)
    return Feature(column.name, categories)


class Encoder:
    """All columns that are learned from, in their order."""

    def __init__(self, features: Sequence[Feature], missing: Missing) -> None:
        self.features = features
        self.missing = missing

    @property
    def names(self) -> list[str]:
        """A name for each input of the network."""
        return [name for feature in self.features for name in feature.names]

    def read(self, table: Table, setting: str, droppable: bool) -> list[Values]:
        """The values of each column, in any order of the file's; raises DataError where one is missing."""
        columns = [table.column(feature.name, setting) for feature in self.features]
        found = []
        for feature, column in zip(self.features, columns, strict=True):
            table.require_clean(column, as_numbers=not feature.categories)
            if column.missing.any() and not (self.missing in ("mean", "mode") or droppable):
                ways = f"data.missing=mean or mode{', or drop' if setting == 'path' else ''}"
                row = int(column.missing.argmax())
                raise table.fail(column, row, f"expected a value, got none; add {ways}")
            found.append(feature.read(column))
            self._warn_of_unknown(table, column, found[-1], bool(feature.categories))
        return found

    def _warn_of_unknown(self, table: Table, column: Column, values: Values, is_categorical: bool) -> None:
        unknown = np.flatnonzero(values == -1)
        if is_categorical and len(unknown):
            example = column.words[unknown[0]]
            text = "%s, column %s: %d rows have a category that training has not, as %r; it counts as none"
            log.warning(text, table.path, column.name, len(unknown), example)

    def measure(self, values: Sequence[Values], rows: NDArray[np.int64]) -> None:
        """Find what stands for missing values, in the rows of the training split alone."""
        if self.missing in ("mean", "mode"):
            for feature, found in zip(self.features, values, strict=True):
                feature.measure(found[rows], self.missing)

    def encode(self, values: Sequence[Values]) -> Tensor:
        """What `read` gave, to (rows, len(names))."""
        return torch.cat([feature.encode(v) for feature, v in zip(self.features, values, strict=True)], 1)
