"""Rows that belong together, as those of one patient: what one split has seen, no other may ask for."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kindling.error import DataError
from kindling.source.column import Column
from kindling.source.reader import Table


def values_of(column: Column) -> NDArray[Any]:
    """What stands in each row: a number, or a word without blanks around it."""
    return np.array([word.strip() for word in column.words]) if column.words else column.numbers


def number_groups(table: Table, column: Column, rows: Tensor) -> Tensor:
    """The number of the group of each of these rows; raises DataError where one has none."""
    if column.stray:
        table.require_clean(column)
    lacking = rows[torch.from_numpy(column.missing)[rows]]
    if len(lacking):
        hint = "fill it in or take the row out"
        raise table.fail(column, int(lacking[0]), f"expected a group, got none; {hint}")
    return torch.from_numpy(np.unique(values_of(column), return_inverse=True)[1])[rows]


def require_others(table: Table, column: Column, test: Table) -> None:
    """Refuse a test file that has rows of a group to train on; raises DataError."""
    there = next((one for one in test.columns if one.name == column.name), None)
    common = np.intersect1d(values_of(column), values_of(there)).tolist() if there else []
    if common:
        expected = f"expected other values than in {table.path}, got {common[0]}"
        raise DataError(f"{test.path}, column {column.name}: {expected}; take its rows out of one")
