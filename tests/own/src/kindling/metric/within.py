"""How many predictions are near enough."""

import torch
from torch import Tensor
from torchmetrics import Metric

KIND = "real"


class Within(Metric):
    """The share of predictions that miss the truth by `tolerance` at most, in the target's own units."""

    full_state_update = False
    hits: Tensor
    count: Tensor

    def __init__(self, tolerance: float) -> None:
        super().__init__()
        if not isinstance(tolerance, int | float) or not tolerance >= 0:
            raise ValueError(f"expected a tolerance of 0 or more, got {tolerance}")
        self.tolerance = tolerance
        for state in ("hits", "count"):  # sums, so that batches and processes add up
            self.add_state(state, torch.zeros((), dtype=torch.long), dist_reduce_fx="sum")

    def update(self, predicted: Tensor, target: Tensor) -> None:
        """Add a batch, both (batch, num_targets)."""
        self.hits += ((predicted - target).abs() <= self.tolerance).sum()
        self.count += target.numel()

    def compute(self) -> Tensor:
        """A number from 0 to 1."""
        return self.hits / self.count
