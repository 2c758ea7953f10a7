"""A task says how the outputs of a network are scored."""

from torch import Tensor, nn
from torchmetrics import Metric, MetricCollection

from kindling.data.normalize import Statistics
from kindling.data.spec import DataSpec
from kindling.error import UnsuitableError

STAGES = ("train", "val", "test")


class Task(nn.Module):
    """Loss, metrics and number of outputs; `main_metric` is the one that is drawn and reported first."""

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


def require_classes(spec: DataSpec, words: str, suits: bool) -> None:
    """Refuse data of another kind, in words."""
    if spec.target != "class" or not suits:
        raise UnsuitableError(needs=words, has=spec.describe_target())
