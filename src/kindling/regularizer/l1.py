"""L1 penalty: drives small weights to zero (Tibshirani, the lasso, 1996)."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from kindling.optimizer.group import kernels


@dataclass
class L1:
    """`strength` times the sum of absolute values of all kernels."""

    strength: float

    def __call__(self, net: nn.Module) -> Tensor:
        """What to add to the loss."""
        return self.strength * torch.stack([kernel.abs().sum() for kernel in kernels(net)]).sum()
