"""Which parameters weight decay and penalties apply to, and how fast each layer learns."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from kindling.error import ConfigError


@dataclass(frozen=True)
class LayerRates:
    """Learning rates below the head, the last layer: `body` is that of the layer beneath it.

    From there down each layer learns at `decay` times the rate of the one above (Howard and Ruder,
    arXiv 1801.06146, section 3.2). Without a `body` of its own the fall begins at the head's rate.
    `apart` gives each layer groups of its own in any case: torch's fused SGD can't have a group of
    which some parameters begin to learn later.
    """

    body: float | None = None
    decay: float = 1.0
    apart: bool = False

    @property
    def uniform(self) -> bool:
        """Whether all layers learn at the optimizer's rate, from the same step on."""
        return self.body is None and self.decay == 1 and not self.apart

    def of(self, height: int, rate: float) -> float:
        """The rate of the layer that lies `height` below the head, which learns at `rate`."""
        if not height:
            return rate
        return rate * self.decay**height if self.body is None else self.body * self.decay ** (height - 1)


def kernels(net: nn.Module) -> list[nn.Parameter]:
    """Matrices and convolution kernels; never biases and the gains of norms."""
    return [p for p in net.parameters() if p.requires_grad and p.ndim > 1]


def layers(net: nn.Module) -> list[list[nn.Module]]:
    """The modules with parameters of their own, from the input to the head.

    A layer begins with each module that has a kernel; a norm belongs to the layer before it.
    """
    found: list[list[nn.Module]] = [[]]
    for module in net.modules():
        own = list(module.parameters(recurse=False))
        if any(p.ndim > 1 for p in own) and any(p.ndim > 1 for p in parameters(found[-1])):
            found.append([])
        if own:
            found[-1].append(module)
    return found


def parameters(layer: Iterable[nn.Module]) -> list[nn.Parameter]:
    """What is learned in one of the layers."""
    return [p for module in layer for p in module.parameters(recurse=False)]


def decay_groups(learned: Iterable[nn.Parameter]) -> list[dict[str, Any]]:
    """Two parameter groups: the kernels, and the rest without weight decay; none is empty."""
    learned = [p for p in learned if p.requires_grad]
    groups: list[dict[str, Any]] = [
        {"params": [p for p in learned if p.ndim > 1]},
        {"params": [p for p in learned if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return [group for group in groups if group["params"]]


def make_optimizer(make: Callable[..., Optimizer], net: nn.Module, rates: LayerRates) -> Optimizer:
    """The optimizer of a network; raises ConfigError where it can't tell layers apart but should."""
    known = inspect.signature(make).parameters.values()
    if not any(setting.name == "weight_decay" or setting.kind is setting.VAR_KEYWORD for setting in known):
        if not rates.uniform:
            raise ConfigError(
                "optimizer: treats all layers alike; remove body_learning_rate, layer_decay, freeze=gradual"
            )
        # as LBFGS, which refuses groups, and looks at kernels as rows of numbers that lie in their order
        net.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
        return make([p for p in net.parameters() if p.requires_grad])
    if rates.uniform:
        return make(decay_groups(net.parameters()))
    heights = list(enumerate(reversed(layers(net))))
    found = [
        {**group, "height": height} for height, layer in heights for group in decay_groups(parameters(layer))
    ]
    optimizer = make(found)
    for group in optimizer.param_groups:
        group["lr"] = rates.of(group["height"], group["lr"])
    return optimizer
