"""R squared: the share of the variance that is explained (Wright, 1921)."""

import torch
from torch import Tensor
from torchmetrics import Metric

KIND = "real"


class R2(Metric):
    """The mean over all targets; 0 for one that doesn't vary, as a single row.

    torchmetrics' own subtracts sums of squares, which leaves nothing right of targets far from 0,
    and stops at one row. Here part is joined to part (Chan, Golub and LeVeque, 1979).
    """

    full_state_update = False
    higher_is_better = True
    count: Tensor
    mean: Tensor
    spread: Tensor
    residual: Tensor

    def __init__(self) -> None:
        super().__init__()
        for state in ("count", "mean", "spread", "residual"):
            self.add_state(state, torch.zeros(()), dist_reduce_fx=None)  # stacks the processes

    def update(self, predicted: Tensor, target: Tensor) -> None:
        """Add a batch, both (batch, num_targets)."""
        mean = target.mean(0)  # (num_targets), as each state
        rows = torch.full_like(mean, len(target))
        total, step = self.count + rows, mean - self.mean
        within = (target - mean).square().sum(0)
        self.spread = self.spread + within + step.square() * self.count * rows / total
        self.mean = self.mean + step * rows / total
        self.count = total
        self.residual = self.residual + (predicted - target).square().sum(0)

    def compute(self) -> Tensor:
        """1 where all is explained; below 0 where the mean would be nearer."""
        states = (self.count, self.mean, self.spread, self.residual)
        count, mean, spread, residual = map(torch.atleast_2d, states)  # (processes, num_targets)
        middle = (count * mean).sum(0) / count.sum(0)
        whole = (spread + count * (mean - middle).square()).sum(0)  # (num_targets)
        rounding = count.sum(0) * (torch.finfo(middle.dtype).eps * middle).square()
        return torch.where(whole > rounding, 1 - residual.sum(0) / whole, 0.0).mean()
