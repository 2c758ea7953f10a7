"""Small real sets that come with the project: no download, no account, no waiting."""

import csv
import gzip
from pathlib import Path
from typing import Any, Literal

import torch

from kindling.data.base import DataModule
from kindling.data.loader import Split
from kindling.data.spec import DataSpec

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
        with gzip.open(FOLDER / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
            header, *self.rows = csv.reader(file)
        classes = sorted({row[-1] for row in self.rows}) if target == "class" else []
        self.spec = DataSpec(
            input_shape=tuple(image_shape or [len(header) - 1]),
            target=target,
            num_targets=len(classes) or 1,
            class_names=tuple(classes),
            feature_names=tuple(header[:-1]),
        )

    def load(self) -> Split:
        """Inputs as floats; targets as class numbers or as floats."""
        inputs = torch.tensor([[float(value) for value in row[:-1]] for row in self.rows])
        inputs = inputs.reshape(-1, *self.spec.input_shape)
        if self.spec.target == "real":
            return Split(inputs, torch.tensor([[float(row[-1])] for row in self.rows]))
        number = {name: index for index, name in enumerate(self.spec.class_names)}
        return Split(inputs, torch.tensor([number[row[-1]] for row in self.rows]))
