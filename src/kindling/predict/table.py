"""Rows of a table: CSV, JSON lines, or plain values."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from torch import Tensor

from kindling.data.spec import DataSpec
from kindling.error import DataError
from kindling.predict import array
from kindling.predict.layout import Layout
from kindling.predict.rows import Part, Rows, from_values, read_rows
from kindling.source.feature import Encoder, Feature, Values
from kindling.source.text import opened

log = logging.getLogger(__name__)


class Reader(array.Reader):
    """Encodes columns as training did: a category that it has not counts as none, and is told once."""

    def __init__(self, reading: Mapping[str, Any], spec: DataSpec, batch_size: int) -> None:
        super().__init__(reading, spec, batch_size)
        features = [Feature(one["name"], tuple(one["categories"]), one["fill"]) for one in reading["columns"]]
        self.encoder = Encoder(features, reading.get("missing", "error"))
        self.layout = Layout.of(reading)
        words = {feature.name for feature in features if feature.categories}
        self.words = words | {self.layout.id} if self.layout.id else words
        self.told: set[str] = set()  # columns

    def open(self, path: Path) -> Iterator[array.Batch]:
        """The rows of a file or of standard input, as they come."""
        if path.is_dir():
            raise DataError(f"{path}: expected a CSV file, got a folder; name its files")
        with opened(path) as file:
            yield from self.batches(read_rows(file, path, self.layout))

    def values(self, values: Iterator[Any]) -> Iterator[array.Batch]:
        """Rows as Python has them."""
        return self.batches(from_values(values, self.layout))

    def batches(self, rows: Rows) -> Iterator[array.Batch]:
        """Rows by their id where they have one, else by their number."""
        for part in rows.parts(self.batch_size, self.words):
            yield array.Batch(self._names(part), self._encode(part))

    def _names(self, part: Part) -> dict[str, Sequence[Any]]:
        found = [column.words for column in part.columns if column.name == self.layout.id]
        end = part.start + len(part.lines)
        return {self.layout.id: found[0]} if found and self.layout.id else {"row": range(part.start, end)}

    def _encode(self, part: Part) -> Tensor:
        return self.encoder.encode([self._read(part, feature) for feature in self.encoder.features])

    def _read(self, part: Part, feature: Feature) -> Values:
        column = part.column(feature.name, "input")
        part.require_clean(column, as_numbers=not feature.categories)
        if feature.fill is None and column.missing.any():
            row = int(column.missing.argmax())
            raise part.fail(column, row, "expected a value, got none")
        values = feature.read(column)
        if feature.categories and feature.name not in self.told and (values == -1).any():
            self.told.add(feature.name)
            row = int((values == -1).argmax())
            where = f"{part.path}, {part.unit} {part.lines[row]}, column {feature.name}"
            log.warning("%s: training has no category %r; it counts as none", where, column.words[row])
        return values
