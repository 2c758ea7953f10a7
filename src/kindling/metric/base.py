"""What ranking metrics share: every row's score is kept, since ranks need all of them."""

from typing import Any

import torch
from torch import Tensor
from torchmetrics import Metric
from torchmetrics.utilities.distributed import gather_all_tensors


class Ranked(Metric):
    """Keeps scores (batch) of class 1 or (batch, classes), and class numbers (batch), in main memory.

    Where several classes are told apart, each is ranked against the rest.
    """

    full_state_update = False
    scores: list[Tensor]
    targets: list[Tensor]

    def __init__(self) -> None:
        super().__init__(dist_sync_fn=self.gather)
        self.add_state("scores", [], dist_reduce_fx="cat")
        self.add_state("targets", [], dist_reduce_fx="cat")

    def update(self, scores: Tensor, targets: Tensor) -> None:
        """Keep a batch; on the CPU that is no copy."""
        self.scores.append(scores.cpu())
        self.targets.append(targets.cpu())

    def rankings(self) -> list[tuple[Tensor, Tensor]]:
        """Scores (rows) of each class, with whether a row is of it (rows)."""
        scores, targets = (
            torch.cat(rows) if isinstance(rows, list) else rows for rows in (self.scores, self.targets)
        )
        if scores.ndim == 1:
            return [(scores, targets == 1)]
        return [(column, targets == label) for label, column in enumerate(scores.T)]

    def gather(self, rows: Tensor, group: Any = None) -> list[Tensor]:
        """The rows of all processes; they meet on the device, as NCCL moves nothing else."""
        return [part.cpu() for part in gather_all_tensors(rows.to(self.device), group)]
