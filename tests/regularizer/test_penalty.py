"""Penalties follow their formulas over the kernels; elastic net is the sum of both."""

import pytest
import torch
from torch import nn

from kindling.regularizer.elastic_net import ElasticNet
from kindling.regularizer.l1 import L1
from kindling.regularizer.l2 import L2


def net() -> nn.Module:
    found = nn.Linear(2, 2)
    found.weight.data = torch.tensor([[1.0, -2.0], [3.0, 0.0]])
    found.bias.data.fill_(100.0)  # never counted
    return found


def test_penalties_follow_their_formulas() -> None:
    assert L1(0.5)(net()).item() == pytest.approx(0.5 * 6)
    assert L2(0.5)(net()).item() == pytest.approx(0.5 * 14)
    assert ElasticNet(l1=0.5, l2=0.1)(net()).item() == pytest.approx(0.5 * 6 + 0.1 * 14)


def test_gradients_are_the_sign_and_twice_the_weight() -> None:
    weights = net()
    ElasticNet(l1=0.5, l2=0.1)(weights).backward()
    weight = weights.weight
    torch.testing.assert_close(weight.grad, 0.5 * weight.sign() + 0.2 * weight.detach())
    assert weights.bias.grad is None
