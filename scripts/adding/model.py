"""What the network gives for a batch, and that all of it learns."""

import pytest
import torch

from kindling.model.example import Example


@pytest.mark.parametrize("shape", [(5,), (7, 3), (1, 6, 6)])
def test_it_takes_any_input(shape: tuple[int, ...]) -> None:
    net = Example(shape, 4)
    assert net(torch.randn(3, *shape)).shape == (3, 4)


def test_every_weight_receives_a_gradient() -> None:
    net = Example((5,), 4)
    net(torch.randn(8, 5)).square().sum().backward()
    gradients = {key: weight.grad for key, weight in net.named_parameters()}
    assert [key for key, gradient in gradients.items() if gradient is None or not gradient.any()] == []


def test_it_evaluates_to_the_same_again() -> None:
    net, x = Example((5,), 4).eval(), torch.randn(8, 5)
    assert torch.equal(net(x), net(x))
