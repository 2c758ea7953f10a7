"""One of two labels."""

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional as F
from torchmetrics import Metric
from torchmetrics.classification import BinaryAccuracy, BinaryF1Score

from kindling.data.spec import DataSpec
from kindling.error import ConfigError
from kindling.task.base import Choice
from kindling.task.choice import Table
from kindling.task.labelled import Labelled, Weighting, require_classes


def accuracy() -> Metric:
    """The share of rows that are right."""
    return BinaryAccuracy(validate_args=False)


def f1() -> Metric:
    """That of class 1."""
    return BinaryF1Score(validate_args=False)


class Binary(Labelled):
    """Cross-entropy or another loss on one output, the logit of class 1; targets are 0 or 1 (batch).

    `positive_weight` multiplies the loss of rows of class 1.
    """

    num_outputs = 1
    known_metrics: ClassVar[Table] = {"accuracy": accuracy, "f1": f1}

    def __init__(
        self,
        spec: DataSpec,
        loss: Choice = "cross_entropy",
        metrics: Choice | Sequence[Choice] = "accuracy",
        label_smoothing: float = 0.0,
        class_weights: Weighting = "none",
        positive_weight: float = 1.0,
    ) -> None:
        require_classes(spec, "2 classes", suits=spec.num_targets == 2)
        weights = with_positive(class_weights, positive_weight)
        super().__init__(2, loss, metrics, label_smoothing, weights)

    def logits(self, output: Tensor) -> Tensor:
        """Class 0 has the logit 0, so that losses are the same for any number of classes."""
        return F.pad(output, (1, 0))  # (batch, 2)

    def predict(self, output: Tensor) -> Tensor:
        """The probability of class 1 (batch)."""
        return torch.sigmoid(output.squeeze(1))


def with_positive(weights: Weighting, positive: float) -> Weighting:
    """The weights of both classes; raises ConfigError where they are told twice."""
    if positive == 1:
        return weights
    if weights != "none":
        raise ConfigError("task.positive_weight: expected it or task.class_weights, got both; leave one out")
    return [1.0, float(positive)]
