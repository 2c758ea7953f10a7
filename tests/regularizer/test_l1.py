"""The sum of absolute values; its gradient is the sign."""

import pytest
import torch
from torch import nn

from kindling.regularizer.l1 import L1


def test_it_follows_its_formula_over_the_kernels() -> None:
    net = nn.Linear(2, 2)  # its bias is never counted
    net.weight.data = torch.tensor([[1.0, -2.0], [3.0, 0.0]])
    penalty = L1(0.5)(net)
    assert penalty.item() == pytest.approx(0.5 * (1 + 2 + 3))

    penalty.backward()

    torch.testing.assert_close(net.weight.grad, 0.5 * net.weight.detach().sign())
    assert net.bias.grad is None
