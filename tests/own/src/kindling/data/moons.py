"""Two interleaved half-moons."""

from typing import Any

import torch

from kindling.data.base import DataModule
from kindling.data.loader import Split
from kindling.data.spec import DataSpec


class Moons(DataModule):
    """One class a moon."""

    def __init__(self, rows: int, **shared: Any) -> None:
        super().__init__(**shared)
        self.rows = rows
        self.spec = DataSpec(input_shape=(2,), target="class", num_targets=2)

    def load(self) -> Split:
        """Points on two arcs, with a little noise."""
        generator = torch.Generator().manual_seed(0)
        label = torch.arange(self.rows) % 2
        side, angle = 1 - 2 * label, torch.pi * torch.rand(self.rows, generator=generator)
        points = torch.stack([side * angle.cos() + label, side * angle.sin() + label / 2], 1)  # (rows, 2)
        return Split(points + 0.1 * torch.randn(self.rows, 2, generator=generator), label)
