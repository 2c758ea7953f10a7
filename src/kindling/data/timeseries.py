"""Somebody's own series: windows of the past to forecast what comes next."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from kindling.data.base import DataModule
from kindling.data.fold import fold_windows
from kindling.data.loader import Split
from kindling.data.reading import table_reading
from kindling.data.spec import DataSpec
from kindling.error import DataError
from kindling.source.column import Column
from kindling.source.feature import Feature
from kindling.source.path import Location
from kindling.source.reader import Header, Name
from kindling.source.target import as_list, as_mark, read_settings


class TimeSeries(DataModule):
    """Windows of `steps` rows of a CSV file, each with the `horizon` values of `column` that follow.

    The splits follow one another in time: what a later one is to forecast, an earlier one never sees.
    Folds are blocks in time.
    """

    sample = "sequence"
    kind = "real"

    def __init__(
        self,
        path: Location,
        column: Name,
        inputs: Name | Sequence[Name] = (),
        steps: int = 24,
        horizon: int = 1,
        header: Header = "auto",
        delimiter: str = "auto",
        **shared: Any,
    ) -> None:
        super().__init__(**shared)
        self.table = read_settings(path, header, delimiter, (), column)
        self.columns = [self.table.column(column, "column")]
        self.columns += [self.table.column(name, "inputs") for name in as_list(inputs)]
        self.delimiter = as_mark(delimiter)
        self.steps = steps
        self.horizon = horizon
        names = tuple(found.name for found in self.columns)
        self.spec = DataSpec((steps, len(names)), "real", horizon, feature_names=names)

    def reading(self) -> dict[str, Any]:
        """The columns that windows are cut from, and how long these are."""
        names = [column.name for column in self.table.columns]
        found = table_reading([Feature(column.name) for column in self.columns], names=names)
        form = {"header": self.table.named, "delimiter": self.delimiter}
        return {**found, **form, "kind": "series", "steps": self.steps}

    def names(self, name: str) -> dict[str, Sequence[Any]]:
        """The last row that each window looks at."""
        return {"row": (self.splits[name].rows + self.steps - 1).tolist()}

    def make_splits(self) -> dict[str, Split]:
        """The first windows to train, then those to validate, and the last to test.

        With folds one block after the other validates, and what shares rows with it does not train.
        """
        self._require_order()
        series = np.stack([self._whole(column) for column in self.columns], 1).astype(np.float32)
        steps, horizon = self.steps, self.horizon
        count = len(series) - steps - horizon + 1
        if count < 3:
            hint = f"got {len(series)}; lower data.steps"
            raise DataError(f"{self.table.path}: expected {steps + horizon + 2} rows or more, {hint}")
        rows = torch.from_numpy(series)  # (rows, columns)
        windows = rows[: count + steps - 1].unfold(0, steps, 1).transpose(1, 2)  # (windows, steps, columns)
        targets = rows[steps:, 0].unfold(0, horizon, 1)  # (windows, horizon)
        numbers = self._divide(count)
        return {name: Split(windows, targets, found) for name, found in numbers.items()}

    def naive_error(self, name: str) -> float:
        """Mean absolute error of repeating the last value: what a forecast has to beat."""
        inputs, targets = self.splits[name][:]
        return float((inputs[:, -1, :1] - targets).abs().mean())

    def _divide(self, count: int) -> dict[str, torch.Tensor]:
        """The numbers of the windows of each split."""
        test, val = (round(count * share) for share in (self.test_fraction, self.val_fraction))
        train, val = max(0, count - test - val), count - test  # where each ends
        gap = self.horizon - 1  # windows that would tell what the split before has seen
        numbers = torch.arange(count)
        last = numbers[val + gap :]
        if self.fold:
            self.in_folds = True
            before, block = fold_windows(val, self.fold, self.steps + gap)
            return {"train": before, "val": block, "test": last}
        return {"train": numbers[:train], "val": numbers[train + gap : val], "test": last}

    def _whole(self, column: Column) -> np.ndarray[Any, np.dtype[np.float64]]:
        if column.dates:
            raise DataError(
                f"{self.table.path}, column {column.name}: expected numbers, got dates; name another"
            )
        self.table.require_clean(column, as_numbers=True)
        if column.missing.any():
            row = int(column.missing.argmax())
            raise self.table.fail(column, row, "expected a number, got none; fill it in")
        return column.numbers

    def _require_order(self) -> None:
        """Refuse a file that is not in the order of its dates, as those of stock prices often are not."""
        dated = next((column for column in self.table.columns if column.dates), None)
        row = dated.falls() if dated else None
        if dated and row is not None:
            raise self.table.fail(dated, row, "expected rising dates; sort the rows by them")
