"""Small real sets that come with the project: no download, no account, no waiting."""

import csv
import gzip
import zlib
from math import prod
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from kindling.data.base import DataModule
from kindling.data.loader import Split
from kindling.data.spec import DataSpec
from kindling.error import ConfigError, DataError

FOLDER = Path(__file__).parent / "table"


class Bundled(DataModule):
    """A table of numbers with its target in the last column; `image_shape` folds rows into images."""

    def __init__(
        self,
        name: str,
        target: Literal["class", "real"],
        image_shape: list[int] | None = None,
        **shared: Any,
    ) -> None:
        super().__init__(**shared)
        self.path = FOLDER / f"{name}.csv.gz"
        header, self.rows = read_table(self.path)
        features = len(header) - 1
        if image_shape and prod(image_shape) != features:
            raise ConfigError(f"data.image_shape: expected a product of {features}, got {image_shape}")
        classes = sorted({row[-1] for row in self.rows}) if target == "class" else []
        self.spec = DataSpec(
            input_shape=tuple(image_shape or [features]),
            target=target,
            num_targets=len(classes) or 1,
            class_names=tuple(classes),
            feature_names=tuple(header[:-1]),
        )

    def load(self) -> Split:
        """Inputs as floats; targets as class numbers or as floats."""
        inputs = self._numbers(slice(None, -1)).reshape(-1, *self.spec.input_shape)
        if self.spec.target == "real":
            return Split(inputs, self._numbers(slice(-1, None)))
        number = {name: index for index, name in enumerate(self.spec.class_names)}
        return Split(inputs, torch.tensor([number[row[-1]] for row in self.rows]))

    def _numbers(self, columns: slice) -> Tensor:
        found = []
        for line, row in enumerate(self.rows, 2):
            try:
                found.append([float(cell) for cell in row[columns]])
            except ValueError as error:
                raise DataError(f"{self.path}, line {line}: expected numbers; {error}") from None
        return torch.tensor(found)  # (rows, columns)


def read_table(path: Path) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a compressed CSV file; raises DataError where it is missing or damaged."""
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
    except (OSError, EOFError, ValueError, zlib.error, csv.Error) as error:
        raise DataError(f"{path}: can't be read as a table ({error}); restore it") from error
    for line, row in enumerate(rows, 2):
        if len(row) != len(header):
            raise DataError(f"{path}, line {line}: expected {len(header)} cells, got {len(row)}")
    if not rows:
        raise DataError(f"{path}: expected rows under its header, got none; restore it")
    return header, rows
