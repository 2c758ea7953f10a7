"""One label out of many."""

import torch
from torch import Tensor
from torch.nn import functional as F
from torchmetrics.classification import MulticlassAccuracy

from kindling.data.normalize import Statistics
from kindling.data.spec import DataSpec
from kindling.task.base import ClassWeights, Task, Weighting, require_classes, require_share


class Classification(Task):
    """Cross-entropy over one output a class; targets are class numbers (batch)."""

    def __init__(
        self, spec: DataSpec, label_smoothing: float = 0.0, class_weights: Weighting = "none"
    ) -> None:
        require_classes(spec, "two classes or more", suits=spec.num_targets >= 2)
        super().__init__(
            {"accuracy": MulticlassAccuracy(spec.num_targets, average="micro", validate_args=False)}
        )
        self.num_outputs = spec.num_targets
        self.class_weights = ClassWeights(spec.num_targets, class_weights)
        self.label_smoothing = require_share("label_smoothing", label_smoothing)

    def adopt(self, statistics: Statistics) -> None:
        """The classes' sizes."""
        self.class_weights.adopt(statistics.class_counts)

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        """Labels are smoothed in training only, so that validation losses compare."""
        smoothing = self.label_smoothing if self.training else 0.0
        losses = F.cross_entropy(output, target, label_smoothing=smoothing, reduction="none")
        return self.class_weights.mean(losses, target)

    def predict(self, output: Tensor) -> Tensor:
        """Probabilities (batch, classes)."""
        return torch.softmax(output, 1)
