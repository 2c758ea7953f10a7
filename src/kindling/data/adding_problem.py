"""The adding problem (Hochreiter & Schmidhuber, Long Short-Term Memory, 1997, experiment 4)."""

from typing import Any

import torch

from kindling.data.base import DataModule
from kindling.data.loader import Split
from kindling.data.spec import DataSpec


class AddingProblem(DataModule):
    """Sequences of random numbers, two of them marked; the target is the sum of the marked two.

    One mark lies in each half of the sequence, so that the network has to remember the first number
    until the second comes. Guessing the mean gives a squared error of 1/6.
    """

    sample = "sequence"
    kind = "real"

    def __init__(self, rows: int, steps: int, **shared: Any) -> None:
        super().__init__(**shared)
        self.rows = rows
        self.spec = DataSpec(
            input_shape=(steps, 2), target="real", num_targets=1, feature_names=("value", "mark")
        )

    def load(self) -> Split:
        """The same sequences every time: only the split depends on the seed."""
        generator = torch.Generator().manual_seed(0)
        steps, half = self.spec.input_shape[0], self.spec.input_shape[0] // 2
        values = torch.rand(self.rows, steps, generator=generator)
        first = torch.randint(0, half, (self.rows, 1), generator=generator)
        second = torch.randint(half, steps, (self.rows, 1), generator=generator)
        marks = torch.zeros(self.rows, steps).scatter(1, torch.cat([first, second], 1), 1.0)
        target = (values * marks).sum(1, keepdim=True)  # (rows, 1)
        return Split(torch.stack([values, marks], 2), target)  # (rows, steps, 2)
