"""Expected calibration error: how far confidence is from accuracy (Guo et al., arXiv 1706.04599)."""

import torch
from torch import Tensor
from torch.nn import functional as F
from torchmetrics import Metric

KIND = "class"


class CalibrationError(Metric):
    """The mean distance of confidence from accuracy, over `bins` of equal width.

    Confidence is the probability of the class that is predicted, in a binary task too. A bin keeps
    one sum and no rows, as hits and confidence are only ever subtracted.
    """

    full_state_update = False
    higher_is_better = False
    gaps: Tensor
    rows: Tensor

    def __init__(self, bins: int = 15) -> None:
        super().__init__()
        if not isinstance(bins, int) or bins < 1:
            raise ValueError(f"expected bins of 1 or more, got {bins}")
        self.bins = bins
        self.add_state("gaps", torch.zeros(bins), dist_reduce_fx="sum")
        self.add_state("rows", torch.zeros((), dtype=torch.long), dist_reduce_fx="sum")

    def update(self, probabilities: Tensor, target: Tensor) -> None:
        """Add a batch of probabilities (batch, classes), or (batch) of class 1."""
        if probabilities.ndim == 1:
            probabilities = torch.stack([1 - probabilities, probabilities], 1)  # (batch, 2)
        confidence, label = probabilities.max(1)
        place = place_of(confidence, self.bins)
        gaps = (label == target).to(confidence.dtype) - confidence
        self.gaps += (F.one_hot(place, self.bins) * gaps.unsqueeze(1)).sum(0)  # (bins)
        self.rows += len(target)

    def compute(self) -> Tensor:
        """A number from 0 to 1."""
        return self.gaps.abs().sum() / self.rows


def place_of(confidence: Tensor, bins: int) -> Tensor:
    """The number of the bin that each probability falls into, each bin with its upper end."""
    return (confidence * bins).ceil().long().sub(1).clamp(0, bins - 1)
