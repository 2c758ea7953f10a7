"""Numbers to predict."""

import math
from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional as F
from torchmetrics.regression import MeanAbsoluteError, MeanSquaredError

from kindling.data.normalize import Normalize, Statistics
from kindling.data.spec import DataSpec
from kindling.error import UnsuitableError
from kindling.task.base import Choice, Task
from kindling.task.choice import Table


def mse(output: Tensor, target: Tensor) -> Tensor:
    """Squared error, the mean of a row's targets (batch)."""
    return F.mse_loss(output, target, reduction="none").mean(1)


def mae(output: Tensor, target: Tensor) -> Tensor:
    """Absolute error, the mean of a row's targets (batch)."""
    return F.l1_loss(output, target, reduction="none").mean(1)


def huber(output: Tensor, target: Tensor, delta: float = 1.0) -> Tensor:
    """Squared below `delta` spreads and straight above (Huber, 1964); raises ValueError below 0 (batch)."""
    if not isinstance(delta, int | float) or not 0 < delta < math.inf:
        raise ValueError(f"expected delta above 0, got {delta}")
    return F.huber_loss(output, target, delta=delta, reduction="none").mean(1)


class Regression(Task):
    """A loss on normalised targets (batch, num_targets); metrics in the target's own units."""

    kind = "real"
    known_losses: ClassVar[Table] = {"mse": mse, "mae": mae, "huber": huber}
    known_metrics: ClassVar[Table] = {"mae": MeanAbsoluteError, "mse": MeanSquaredError}

    def __init__(
        self,
        spec: DataSpec,
        loss: Choice = "mse",
        metrics: Choice | Sequence[Choice] = ("mae", "mse", "r2"),
    ) -> None:
        if spec.target != "real":
            raise UnsuitableError(needs="numbers to predict", has=spec.describe_target())
        trial = torch.zeros(2, spec.num_targets), torch.zeros(2, spec.num_targets)
        super().__init__(loss, metrics, num_classes=0, trial=trial)
        self.num_outputs = spec.num_targets
        self.normalize = Normalize((spec.num_targets,))

    def adopt(self, statistics: Statistics) -> None:
        """The target's scale."""
        self.normalize.adopt(statistics.target_shift, statistics.target_scale)

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        """The loss of targets in units of their spread."""
        self.require_outputs(output)
        return self.row_loss(output, self.normalize(target)).mean()

    def predict(self, output: Tensor) -> Tensor:
        """Values in the target's own units (batch, num_targets)."""
        return self.normalize.inverse(output)
