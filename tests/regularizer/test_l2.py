"""The sum of squares; its gradient is twice the weight."""

import pytest
import torch
from torch import nn

from kindling.regularizer.l2 import L2


def test_it_follows_its_formula_over_the_kernels() -> None:
    net = nn.Linear(2, 2)  # its bias is never counted
    net.weight.data = torch.tensor([[1.0, -2.0], [3.0, 0.0]])
    penalty = L2(0.5)(net)
    assert penalty.item() == pytest.approx(0.5 * (1 + 4 + 9))

    penalty.backward()

    torch.testing.assert_close(net.weight.grad, net.weight.detach())
    assert net.bias.grad is None
