"""One label out of many."""

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor
from torchmetrics import Metric
from torchmetrics.classification import MulticlassAccuracy, MulticlassF1Score

from kindling.data.spec import DataSpec
from kindling.task.base import Choice
from kindling.task.choice import Table
from kindling.task.labelled import Labelled, Weighting, require_classes


def accuracy(num_classes: int) -> Metric:
    """The share of rows that are right."""
    return MulticlassAccuracy(num_classes, average="micro", validate_args=False)


def f1(num_classes: int) -> Metric:
    """The mean over the classes that occur, in targets or predictions."""
    return MulticlassF1Score(num_classes, average="macro", validate_args=False)


def top_k(num_classes: int, k: int = 3) -> Metric:
    """The share of rows whose class is among the `k` likeliest; raises ValueError where all would be."""
    if not isinstance(k, int) or not 1 <= k < num_classes:
        raise ValueError(f"expected k from 1 to {num_classes - 1} with {num_classes} classes, got {k}")
    return MulticlassAccuracy(num_classes, top_k=k, average="micro", validate_args=False)


class Classification(Labelled):
    """Cross-entropy or another loss over one output a class; targets are class numbers (batch)."""

    known_metrics: ClassVar[Table] = {"accuracy": accuracy, "f1": f1, "top_k": top_k}

    def __init__(
        self,
        spec: DataSpec,
        loss: Choice = "cross_entropy",
        metrics: Choice | Sequence[Choice] = "accuracy",
        label_smoothing: float = 0.0,
        class_weights: Weighting = "none",
    ) -> None:
        require_classes(spec, "two classes or more", suits=spec.num_targets >= 2)
        super().__init__(spec.num_targets, loss, metrics, label_smoothing, class_weights)
        self.num_outputs = spec.num_targets

    def predict(self, output: Tensor) -> Tensor:
        """Probabilities (batch, classes)."""
        return torch.softmax(output, 1)
