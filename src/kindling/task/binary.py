"""One of two labels."""

import torch
from torch import Tensor
from torch.nn import functional as F
from torchmetrics.classification import BinaryAccuracy

from kindling.data.normalize import Statistics
from kindling.data.spec import DataSpec
from kindling.task.base import ClassWeights, Task, Weighting, require_classes, require_share


class Binary(Task):
    """Binary cross-entropy on one output, the logit of class 1; targets are 0 or 1 (batch)."""

    num_outputs = 1

    def __init__(
        self, spec: DataSpec, label_smoothing: float = 0.0, class_weights: Weighting = "none"
    ) -> None:
        require_classes(spec, "2 classes", suits=spec.num_targets == 2)
        super().__init__({"accuracy": BinaryAccuracy(validate_args=False)})
        self.class_weights = ClassWeights(spec.num_targets, class_weights)
        self.label_smoothing = require_share("label_smoothing", label_smoothing)

    def adopt(self, statistics: Statistics) -> None:
        """The classes' sizes."""
        self.class_weights.adopt(statistics.class_counts)

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        """Labels are smoothed in training only, so that validation losses compare."""
        smoothing = self.label_smoothing if self.training else 0.0
        soft = target.to(output.dtype) * (1 - smoothing) + smoothing / 2
        losses = F.binary_cross_entropy_with_logits(output.squeeze(1), soft, reduction="none")
        return self.class_weights.mean(losses, target)

    def predict(self, output: Tensor) -> Tensor:
        """The probability of class 1 (batch)."""
        return torch.sigmoid(output.squeeze(1))
