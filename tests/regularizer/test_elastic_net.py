"""Both penalties, each with its own strength."""

import pytest
import torch
from torch import nn

from kindling.regularizer.elastic_net import ElasticNet


def test_it_follows_its_formula_over_the_kernels() -> None:
    net = nn.Linear(2, 2)  # its bias is never counted
    net.weight.data = torch.tensor([[1.0, -2.0], [3.0, 0.0]])
    penalty = ElasticNet(l1=0.5, l2=0.1)(net)
    assert penalty.item() == pytest.approx(0.5 * 6 + 0.1 * 14)

    penalty.backward()

    torch.testing.assert_close(net.weight.grad, 0.5 * net.weight.detach().sign() + 0.2 * net.weight.detach())
    assert net.bias.grad is None
