"""L2 penalty: shrinks all weights in proportion (Hoerl and Kennard, ridge regression, 1970)."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from kindling.optimizer.group import kernels


@dataclass
class L2:
    """`strength` times the sum of squares of all kernels."""

    strength: float

    def __call__(self, net: nn.Module) -> Tensor:
        """What to add to the loss."""
        return self.strength * torch.stack([kernel.square().sum() for kernel in kernels(net)]).sum()
