"""Area under the ROC curve: how often a row of the class outscores another (Hanley and McNeil, 1982)."""

import torch
from torch import Tensor
from torchmetrics.functional.classification import binary_auroc

from kindling.metric.base import Ranked

KIND = "class"


class Auroc(Ranked):
    """Exact, ties counted half; over several classes the mean of each against the rest.

    A class without rows, or with all of them, is left out. With none left there is nothing to
    rank, and it is what chance would reach: 0.5.
    """

    higher_is_better = True

    def compute(self) -> Tensor:
        """A number from 0 to 1."""
        areas = [
            binary_auroc(scores, hits.long(), validate_args=False)
            for scores, hits in self.rankings()
            if 0 < hits.sum() < len(hits)
        ]
        return (torch.stack(areas).mean() if areas else torch.tensor(0.5)).to(self.device)
