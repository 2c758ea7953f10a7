"""Root mean squared error, in the target's own units."""

import torch
from torch import Tensor
from torchmetrics import Metric

KIND = "real"


class Rmse(Metric):
    """The mean over all targets of each one's root, where torchmetrics has one root for all."""

    full_state_update = False
    higher_is_better = False
    squares: Tensor
    rows: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.add_state("squares", torch.zeros(()), dist_reduce_fx="sum")
        self.add_state("rows", torch.zeros((), dtype=torch.long), dist_reduce_fx="sum")

    def update(self, predicted: Tensor, target: Tensor) -> None:
        """Add a batch, both (batch, num_targets)."""
        self.squares = self.squares + (predicted - target).square().sum(0)  # (num_targets)
        self.rows += len(target)

    def compute(self) -> Tensor:
        """0 where all is right."""
        return (self.squares / self.rows).sqrt().mean()
