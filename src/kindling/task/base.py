"""A task says how the outputs of a network are scored."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, cast

from torch import Tensor, nn
from torchmetrics import Metric, MetricCollection

from kindling.data.normalize import Statistics
from kindling.error import ConfigError
from kindling.metric.base import Ranked
from kindling.task.choice import Table, choose_loss, choose_metrics

STAGES = ("train", "val", "test")
Choice = str | dict[str, dict[str, Any]]  # a name alone, or with its settings


class Task(nn.Module):
    """Loss, metrics and number of outputs; `main_metric` is the one that is drawn and reported first.

    A metric that keeps rows is left out while training: it would hold the outputs for all of them,
    and each step on a GPU would wait for its copy.
    """

    kind: ClassVar[Literal["class", "real"]] = "class"  # what it wants to predict
    known_losses: ClassVar[Table] = {}  # beside those of the folders
    known_metrics: ClassVar[Table] = {}
    num_outputs: int

    def __init__(
        self, loss: Choice, metrics: Choice | Sequence[Choice], num_classes: int, trial: tuple[Tensor, Tensor]
    ) -> None:
        super().__init__()
        self.row_loss = choose_loss(loss, self.known_losses, self.kind, trial)
        chosen = choose_metrics(metrics, self.known_metrics, self.kind, num_classes)
        self.main_metric = next(iter(chosen))
        light = {name: metric for name, metric in chosen.items() if not keeps_rows(metric)}
        self.metrics = nn.ModuleDict(
            {f"on_{stage}": InOrder(light if stage == "train" else chosen) for stage in STAGES}
        )

    def require_direction(self, metric: str, mode: str) -> None:
        """Refuse to keep the worst epoch in place of the best; raises ConfigError."""
        name = metric.rpartition("/")[2]
        measured = dict(cast(MetricCollection, self.metrics["on_val"]).items())
        higher = False if name == "loss" else getattr(measured.get(name), "higher_is_better", None)
        better = mode if higher is None else "max" if higher else "min"
        if mode != better:
            text = f"monitor.mode: expected {better} for {metric}, got {mode}"
            raise ConfigError(f"{text}; add monitor.mode={better}")

    def require_outputs(self, output: Tensor) -> None:
        """Refuse the outputs of a network that gives others than it was asked for; raises ConfigError."""
        if output.shape[1:] != (self.num_outputs,):
            told = f"expected outputs of shape {(len(output), self.num_outputs)}, got {tuple(output.shape)}"
            raise ConfigError(f"model: {told}; end it with num_outputs units")

    def adopt(self, statistics: Statistics) -> None:
        """Take over what the task needs from the training split."""

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        """The mean loss of a batch of raw outputs."""
        raise TypeError(f"{type(self).__name__} must define loss()")

    def predict(self, output: Tensor) -> Tensor:
        """Raw outputs to what a user reads: probabilities, or values in the target's own units."""
        return output


class InOrder(MetricCollection):
    """Copies of metrics whose values come in the order of their names; rows are kept once for all."""

    def __init__(self, metrics: Mapping[str, Metric]) -> None:
        ranking = [name for name, metric in metrics.items() if isinstance(metric, Ranked)]
        # groups that torchmetrics finds by itself join whatever is equal after one batch
        groups = [ranking] if len(ranking) > 1 else False
        super().__init__({name: metric.clone() for name, metric in metrics.items()}, compute_groups=groups)
        self.order = list(metrics)

    def compute(self) -> dict[str, Any]:
        """Each metric's value by its name."""
        values = super().compute()
        return {name: values[name] for name in self.order}


def keeps_rows(metric: Metric) -> bool:
    """Whether its state grows with each batch."""
    return any(isinstance(state, list) for state in metric.metric_state.values())
