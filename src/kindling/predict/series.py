"""Series in the order of time: a forecast from each window of rows."""

from collections import deque
from collections.abc import Iterator

import numpy as np
import torch

from kindling.error import DataError
from kindling.predict import table
from kindling.predict.array import Batch
from kindling.predict.rows import Part, Rows


class Reader(table.Reader):
    """Each forecast is named by the last row that it looks at; `last` makes that of the last rows alone."""

    last = False

    def batches(self, rows: Rows) -> Iterator[Batch]:
        """Windows (rows, steps, columns), each a row after the one before."""
        steps, count = self.reading["steps"], 0
        if self.last:
            rows.rows = iter(deque(rows.rows, maxlen=steps))
        for part in rows.parts(self.batch_size, (), overlap=steps - 1):
            self._require_order(part)
            count = part.start + len(part.lines)
            columns = [self._read(part, feature) for feature in self.encoder.features]
            series = torch.from_numpy(np.stack(columns, 1).astype(np.float32))
            if len(series) >= steps:
                windows = series.unfold(0, steps, 1).transpose(1, 2)  # (windows, steps, columns)
                yield Batch({"row": range(part.start + steps - 1, count)}, windows)
        if count < steps:
            raise DataError(f"{rows.path}: expected {steps} rows or more, got {count}; add earlier ones")

    def _require_order(self, part: Part) -> None:
        dated = next((column for column in part.columns if column.dates), None)
        row = dated.falls() if dated else None
        if dated and row is not None:
            raise part.fail(dated, row, "expected rising dates; sort the rows by them")
