"""Numbers to predict."""

from torch import Tensor
from torch.nn import functional as F
from torchmetrics.regression import MeanAbsoluteError, MeanSquaredError, R2Score

from kindling.data.normalize import Normalize, Statistics
from kindling.data.spec import DataSpec
from kindling.error import UnsuitableError
from kindling.task.base import Task


class Regression(Task):
    """Squared error on normalised targets (batch, num_targets); metrics in the target's own units."""

    kind = "real"

    def __init__(self, spec: DataSpec) -> None:
        if spec.target != "real":
            raise UnsuitableError(needs="numbers to predict", has=spec.describe_target())
        super().__init__({"mae": MeanAbsoluteError(), "mse": MeanSquaredError(), "r2": R2Score()})
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
