"""Which parameters weight decay and penalties apply to."""

from typing import Any

from torch import nn


def kernels(net: nn.Module) -> list[nn.Parameter]:
    """Matrices and convolution kernels; never biases and the gains of norms."""
    return [p for p in net.parameters() if p.requires_grad and p.ndim > 1]


def decay_groups(net: nn.Module) -> list[dict[str, Any]]:
    """Two parameter groups: the kernels, and the rest without weight decay."""
    rest = [p for p in net.parameters() if p.requires_grad and p.ndim <= 1]
    return [{"params": kernels(net)}, {"params": rest, "weight_decay": 0.0}]
