"""Numbers to predict."""

import torch
from torch import Tensor
from torch.nn import functional as F
from torchmetrics.regression import MeanAbsoluteError, MeanSquaredError, R2Score

from kindling.data.normalize import Normalize, Statistics
from kindling.data.spec import DataSpec
from kindling.error import UnsuitableError
from kindling.task.base import Task


class R2(R2Score):
    """0 for a single number, of which there is no variance to explain; torchmetrics would stop there."""

    def compute(self) -> Tensor:
        """The share of the variance that is explained."""
        return super().compute() if self.total >= 2 else torch.zeros_like(self.residual).sum()


class Regression(Task):
    """Squared error on normalised targets (batch, num_targets); metrics in the target's own units."""

    kind = "real"

    def __init__(self, spec: DataSpec) -> None:
        if spec.target != "real":
            raise UnsuitableError(needs="numbers to predict", has=spec.describe_target())
        super().__init__({"mae": MeanAbsoluteError(), "mse": MeanSquaredError(), "r2": R2()})
        self.num_outputs = spec.num_targets
        self.normalize = Normalize((spec.num_targets,))

    def adopt(self, statistics: Statistics) -> None:
        """The target's scale."""
        self.normalize.adopt(statistics.target_shift, statistics.target_scale)

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        """Mean squared error, in units of the target's spread."""
        return F.mse_loss(output, self.normalize(target))

    def predict(self, output: Tensor) -> Tensor:
        """Values in the target's own units (batch, num_targets)."""
        return self.normalize.inverse(output)
