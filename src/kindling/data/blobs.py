"""Gaussian clouds: a generated set for first steps and tests."""

from typing import Any

import torch

from kindling.data.base import DataModule
from kindling.data.loader import Split
from kindling.data.spec import DataSpec


class Blobs(DataModule):
    """One cloud of points per class, its centre drawn once from a wider Gaussian."""

    sample = "table"
    kind = "class"

    def __init__(self, rows: int, features: int, classes: int, **shared: Any) -> None:
        super().__init__(**shared)
        self.rows = rows
        self.spec = DataSpec(input_shape=(features,), target="class", num_targets=classes)

    def load(self) -> Split:
        """The same points every time: only the split depends on the seed."""
        generator = torch.Generator().manual_seed(0)
        (features,), classes = self.spec.input_shape, self.spec.num_targets
        centres = 2 * torch.randn(classes, features, generator=generator)
        labels = torch.arange(self.rows) % classes
        return Split(centres[labels] + torch.randn(self.rows, features, generator=generator), labels)
