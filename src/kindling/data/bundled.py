"""Small real sets that come with the project: no download, no account, no waiting."""

from math import prod
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch

from kindling.data.base import DataModule
from kindling.data.loader import Split
from kindling.data.reading import MODES
from kindling.data.spec import DataSpec
from kindling.error import ConfigError
from kindling.source.reader import read_table
from kindling.source.target import class_names, distinct

FOLDER = Path(__file__).parent / "table"


class Bundled(DataModule):
    """A table of numbers with its target in the last column; `image_shape` folds rows into images."""

    sample = "table"
    kind = "data.target"  # the setting that tells it

    def __init__(
        self,
        name: str,
        target: Literal["class", "real"],
        image_shape: list[int] | None = None,
        **shared: Any,
    ) -> None:
        super().__init__(**shared)
        self.image = len(image_shape or ()) == 3
        self.table = read_table(FOLDER / f"{name}.csv.gz", header=True)
        *features, self.target = self.table.columns
        if image_shape and prod(image_shape) != len(features):
            raise ConfigError(f"data.image_shape: expected a product of {len(features)}, got {image_shape}")
        where = f"{self.table.path}, column {self.target.name}"
        classes = (
            class_names(distinct(self.target), where, len(self.table.lines)) if target == "class" else ()
        )
        self.spec = DataSpec(
            input_shape=tuple(image_shape or [len(features)]),
            target=target,
            num_targets=len(classes) or 1,
            class_names=classes,
            feature_names=tuple(column.name for column in features),
        )

    def reading(self) -> dict[str, Any]:
        """Images by the largest of their values, which is white; else a table like the one that is here."""
        if self.image:
            white = float(self.splits["train"].inputs.max())
            return {"kind": "image", "mode": MODES[self.spec.input_shape[0]], "white": white}
        names = [column.name for column in self.table.columns]
        return {**super().reading(), "names": names, "target": self.target.name}

    def load(self) -> Split:
        """Inputs as floats; targets as class numbers or as floats."""
        *features, target = self.table.columns
        for column in features:
            self.table.require_clean(column, as_numbers=True)
        inputs = torch.from_numpy(np.stack([column.numbers for column in features], 1)).float()
        inputs = inputs.reshape(-1, *self.spec.input_shape)
        if self.spec.target == "real":
            return Split(inputs, torch.from_numpy(target.numbers))
        values = target.words or target.numbers
        return Split(inputs, torch.from_numpy(np.unique(values, return_inverse=True)[1]))
