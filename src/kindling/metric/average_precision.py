"""Average precision: the area under precision against recall, as steps (Salton and McGill, 1983)."""

import torch
from torch import Tensor
from torchmetrics.functional.classification import binary_average_precision

from kindling.metric.base import Ranked

KIND = "class"


class AveragePrecision(Ranked):
    """Exact; over several classes the mean of each against the rest.

    A class without rows is left out. With none left there is nothing to find, and it is 0.
    """

    higher_is_better = True

    def compute(self) -> Tensor:
        """A number from 0 to 1."""
        found = [
            binary_average_precision(scores, hits.long(), validate_args=False)
            for scores, hits in self.rankings()
            if hits.any()
        ]
        return (torch.stack(found).mean() if found else torch.tensor(0.0)).to(self.device)
