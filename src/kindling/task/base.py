"""A task says how the outputs of a network are scored."""

from typing import ClassVar, Literal

import torch
from torch import Tensor, nn
from torchmetrics import Metric, MetricCollection

from kindling.data.normalize import Statistics
from kindling.data.spec import DataSpec
from kindling.error import ConfigError, UnsuitableError

STAGES = ("train", "val", "test")
Weighting = Literal["none", "balanced"]


class Task(nn.Module):
    """Loss, metrics and number of outputs; `main_metric` is the one that is drawn and reported first."""

    kind: ClassVar[Literal["class", "real"]] = "class"  # what it wants to predict
    num_outputs: int
    main_metric: str

    def __init__(self, metrics: dict[str, Metric]) -> None:
        super().__init__()
        self.main_metric = next(iter(metrics))
        collection = MetricCollection(dict(metrics), compute_groups=False)
        self.metrics = nn.ModuleDict({f"on_{stage}": collection.clone() for stage in STAGES})

    def adopt(self, statistics: Statistics) -> None:
        """Take over what the task needs from the training split."""

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        """The mean loss of a batch of raw outputs."""
        raise TypeError(f"{type(self).__name__} must define loss()")

    def predict(self, output: Tensor) -> Tensor:
        """Raw outputs to what a user reads: probabilities, or values in the target's own units."""
        return output


class ClassWeights(nn.Module):
    """Weighs each row's loss; `balanced` lets every class count as much as any other, whatever its size.

    Over the training rows the weights have the mean 1, so that losses keep their scale.
    """

    weight: Tensor

    def __init__(self, classes: int, method: Weighting) -> None:
        super().__init__()
        if method not in ("none", "balanced"):
            raise ConfigError(f"task.class_weights: expected one of none, balanced; got {method}")
        self.balanced = method == "balanced"
        self.register_buffer("weight", torch.ones(classes))

    def adopt(self, counts: Tensor) -> None:
        """Take over how many training rows each class has; one without any gets no weight."""
        if self.balanced:
            share = counts / counts.sum() * (counts > 0).sum()
            self.weight.copy_(torch.where(counts > 0, 1 / share, 0.0))

    def mean(self, losses: Tensor, target: Tensor) -> Tensor:
        """The mean of the losses (batch) of rows with these classes (batch)."""
        return (losses * self.weight[target]).mean() if self.balanced else losses.mean()


def require_classes(spec: DataSpec, words: str, suits: bool) -> None:
    """Refuse data of another kind, in words."""
    if spec.target != "class" or not suits:
        raise UnsuitableError(needs=words, has=spec.describe_target())


def require_share(name: str, value: float) -> float:
    """Refuse a setting that is no share; raises ConfigError."""
    if not 0 <= value <= 1:
        raise ConfigError(f"task.{name}: expected 0 to 1, got {value}")
    return value
