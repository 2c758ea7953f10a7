"""What tasks for classes share: the weights of classes and the smoothing of labels."""

from collections.abc import Sequence
from typing import ClassVar, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from kindling.data.normalize import Statistics
from kindling.data.spec import DataSpec
from kindling.error import ConfigError, UnsuitableError
from kindling.task.base import Choice, Task
from kindling.task.choice import Table, arguments

Weighting = Literal["none", "balanced"] | list[float]


def cross_entropy(output: Tensor, target: Tensor, smoothing: float = 0.0) -> Tensor:
    """Cross-entropy of logits (batch, classes), one a row (batch)."""
    return F.cross_entropy(output, target, label_smoothing=smoothing, reduction="none")


class Labelled(Task):
    """Scores logits (batch, classes) against class numbers (batch)."""

    known_losses: ClassVar[Table] = {"cross_entropy": cross_entropy}

    def __init__(
        self,
        num_classes: int,
        loss: Choice,
        metrics: Choice | Sequence[Choice],
        label_smoothing: float,
        class_weights: Weighting,
    ) -> None:
        trial = torch.zeros(2, num_classes), torch.arange(2)
        super().__init__(loss, metrics, num_classes, trial)
        self.class_weights = ClassWeights(num_classes, class_weights)
        self.label_smoothing = label_smoothing
        if label_smoothing and "smoothing" not in arguments(self.row_loss):
            raise ConfigError(f"task.label_smoothing: task.loss={loss} takes no smoothing; set it to 0")

    def adopt(self, statistics: Statistics) -> None:
        """The classes' sizes."""
        self.class_weights.adopt(statistics.class_counts)

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        """Labels are smoothed in training only, so that validation losses compare."""
        self.require_outputs(output)
        smoothing = {"smoothing": self.label_smoothing} if self.training and self.label_smoothing else {}
        return self.class_weights.mean(self.row_loss(self.logits(output), target, **smoothing), target)

    def logits(self, output: Tensor) -> Tensor:
        """Raw outputs as one logit a class (batch, classes)."""
        return output


class ClassWeights(nn.Module):
    """Weighs each row's loss; `balanced` lets every class count as much as any other, whatever its size.

    Balanced weights have the mean 1 over the training rows, so that losses keep their scale; a list
    of one weight a class is taken as it is.
    """

    weight: Tensor

    def __init__(self, classes: int, method: Weighting) -> None:
        super().__init__()
        told = list(method) if isinstance(method, list | tuple) else None
        if told is not None:
            require_weights(told, classes)
        self.balanced = method == "balanced"
        self.weighs = method != "none"
        self.register_buffer("weight", torch.ones(classes) if told is None else torch.tensor(told).float())

    def adopt(self, counts: Tensor) -> None:
        """Take over how many training rows each class has; one without any gets no weight."""
        if self.balanced:
            share = counts / counts.sum() * (counts > 0).sum()
            self.weight.copy_(torch.where(counts > 0, 1 / share, 0.0))

    def mean(self, losses: Tensor, target: Tensor) -> Tensor:
        """The mean of the losses (batch) of rows with these classes (batch)."""
        return (losses * self.weight[target]).mean() if self.weighs else losses.mean()


def require_classes(spec: DataSpec, words: str, suits: bool) -> None:
    """Refuse data of another kind, in words."""
    if spec.target != "class" or not suits:
        raise UnsuitableError(needs=words, has=spec.describe_target())


def require_weights(weights: list[float], classes: int) -> None:
    """Refuse what is not one weight for each class, or weighs none; raises ConfigError."""
    if len(weights) != classes:
        raise ConfigError(
            f"task.class_weights: expected one weight for each of {classes} classes, got {len(weights)}"
        )
    if not any(weights):
        raise ConfigError(f"task.class_weights: expected one above 0, got {weights}")
