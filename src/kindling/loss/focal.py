"""Focal loss: attends to the rows that are still wrong (Lin et al., arXiv 1708.02002)."""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

KIND = "class"


def focal(output: Tensor, target: Tensor, smoothing: float = 0.0, gamma: float = 2.0) -> Tensor:
    """Cross-entropy of which each term is weighed by (1 - its probability) ** gamma (batch).

    With `gamma` 0 it is cross-entropy. The paper's alpha is `task.class_weights`. With smoothing each
    class counts with its share of the label. Raises ValueError for a gamma below 0.
    """
    if not isinstance(gamma, int | float) or not 0 <= gamma < math.inf:
        raise ValueError(f"expected gamma of 0 or more, got {gamma}")
    log_share = F.log_softmax(output, 1)  # (batch, classes)
    # the power of an exact 0 has no finite slope where gamma is below 1
    doubt = (-torch.expm1(log_share)).clamp(min=torch.finfo(output.dtype).eps)
    losses = -(doubt**gamma) * log_share
    of_target = losses.gather(1, target.unsqueeze(1)).squeeze(1)  # (batch)
    return torch.lerp(of_target, losses.mean(1), smoothing) if smoothing else of_target
