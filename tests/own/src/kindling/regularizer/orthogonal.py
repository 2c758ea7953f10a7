"""Orthogonality: what passes through a layer keeps its length (Brock et al., arXiv 1609.07093)."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from kindling.optimizer.group import kernels


def distance(kernel: Tensor) -> Tensor:
    """‖WWᵀ - I‖² of a kernel as a matrix W, a row a unit or filter."""
    matrix = kernel.flatten(1)  # (units, inputs)
    if len(matrix) > matrix.shape[1]:
        matrix = matrix.T  # more rows than columns can't all be at right angles
    return (matrix @ matrix.T - torch.eye(len(matrix)).to(matrix)).square().sum()


@dataclass
class Orthogonal:
    """`strength` times the sum over all kernels."""

    strength: float

    def __call__(self, net: nn.Module) -> Tensor:
        """What to add to the loss."""
        return self.strength * torch.stack([distance(kernel) for kernel in kernels(net)]).sum()
