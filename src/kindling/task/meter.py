"""What a stage measures: its mean loss and the task's metrics, counted many batches at a time."""

from typing import Any, cast

import torch
from torch import Tensor, nn
from torchmetrics import MeanMetric, MetricCollection

MOST, LARGEST = 64, 2**20  # batches, and numbers predicted, that wait to be counted together


class Meter(nn.Module):
    """Counts batch after batch; together they take a twentieth of the time that each would by itself."""

    def __init__(self, metrics: nn.Module) -> None:
        super().__init__()
        self.mean_loss = MeanMetric(nan_strategy="disable")
        self.metrics = cast(MetricCollection, metrics)
        self.waiting: list[tuple[Tensor, Tensor, Tensor]] = []  # loss, predictions and targets of a batch
        self.size = 0

    def update(self, loss: Tensor, prediction: Tensor, targets: Tensor) -> None:
        """Another batch; with its mean loss."""
        self.waiting.append((loss.detach(), prediction, targets))
        self.size += prediction.numel()
        if len(self.waiting) == MOST or self.size >= LARGEST:
            self._count()

    def compute(self) -> dict[str, Any]:
        """The mean loss of all rows, and each metric's value by its name."""
        self._count()
        return {"loss": self.mean_loss.compute(), **self.metrics.compute()}

    def reset(self) -> None:
        """Begin anew."""
        self.wait_for([])
        self.mean_loss.reset()
        self.metrics.reset()

    def wait_for(self, waiting: list[tuple[Tensor, Tensor, Tensor]]) -> None:
        """Take over what another one was still to count."""
        self.waiting, self.size = waiting, sum(prediction.numel() for _, prediction, _ in waiting)

    def _count(self) -> None:
        if not self.waiting:
            return
        device = self.mean_loss.device  # of a run that goes on they may come from elsewhere
        losses, predictions, targets = (
            [one.to(device) for one in kind] for kind in zip(*self.waiting, strict=True)
        )
        self.wait_for([])
        rows = torch.tensor([len(one) for one in targets], device=device)
        # a loss for each row, as torchmetrics loses a `weight` where it keeps NaNs
        self.mean_loss.update(torch.stack(losses).repeat_interleave(rows))
        self.metrics.update(torch.cat(predictions), torch.cat(targets))
