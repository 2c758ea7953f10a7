"""How often something happens (Nelder and Wedderburn, Generalized Linear Models, 1972)."""

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional as F
from torchmetrics.regression import MeanAbsoluteError, MeanSquaredError

from kindling.data.spec import DataSpec
from kindling.error import UnsuitableError
from kindling.task.base import Choice, Task
from kindling.task.choice import Table


def poisson(output: Tensor, target: Tensor) -> Tensor:
    """Rate - count · log(rate), the mean of a row's targets (batch)."""
    return F.poisson_nll_loss(output, target, log_input=True, reduction="none").mean(1)


class Count(Task):
    """Poisson's loss of the logarithm of the rate; targets are counts as they are (batch, num_targets)."""

    kind = "real"
    known_losses: ClassVar[Table] = {"poisson": poisson}
    known_metrics: ClassVar[Table] = {"mae": MeanAbsoluteError, "mse": MeanSquaredError}

    def __init__(
        self, spec: DataSpec, loss: Choice = "poisson", metrics: Choice | Sequence[Choice] = ("mae", "mse")
    ) -> None:
        if spec.target != "real":
            raise UnsuitableError(needs="counts to predict", has=spec.describe_target())
        trial = torch.zeros(2, spec.num_targets), torch.zeros(2, spec.num_targets)
        super().__init__(loss, metrics, num_classes=0, trial=trial)
        self.num_outputs = spec.num_targets

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        """The mean over the batch."""
        return self.row_loss(output, target).mean()

    def predict(self, output: Tensor) -> Tensor:
        """Rates: the counts to expect (batch, num_targets)."""
        return output.exp()
