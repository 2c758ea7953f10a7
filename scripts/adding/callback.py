"""What it logs, of gradients that are known."""

from types import SimpleNamespace
from typing import Any

import torch
from torch import nn

from kindling.callback.example import Example


def test_the_norm_is_that_of_all_gradients() -> None:
    net = nn.Linear(1, 2)
    net.weight.grad, net.bias.grad = torch.tensor([[2.0], [4.0]]), torch.tensor([4.0, 0.0])
    logged: dict[str, float] = {}
    module: Any = SimpleNamespace(log=lambda name, value, **_: logged.update({name: value.item()}))
    trainer: Any = None
    callback = Example()
    callback.on_before_optimizer_step(trainer, module, torch.optim.SGD(net.parameters()))
    assert list(logged.values()) == [6.0]
