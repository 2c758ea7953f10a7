"""Any input, one block a hidden size."""

import pytest
import torch
from torch import nn

from kindling.model.mlp import MLP


@pytest.mark.parametrize("shape", [(5,), (4, 3), (1, 8, 8)])
def test_it_takes_any_shape(shape: tuple[int, ...]) -> None:
    assert MLP(shape, 7, hidden=[16, 8])(torch.randn(2, *shape)).shape == (2, 7)


def test_hidden_sizes_are_the_layers() -> None:
    layers = [layer for layer in MLP((5,), 2, hidden=[16, 8]).modules() if isinstance(layer, nn.Linear)]
    assert [(layer.in_features, layer.out_features) for layer in layers] == [(5, 16), (16, 8), (8, 2)]


def test_without_hidden_layers_it_is_linear() -> None:
    net, x = MLP((3,), 1, hidden=[]), torch.randn(4, 3)
    torch.testing.assert_close(net(2 * x) - net(x), net(x) - net(0 * x))


def test_dropout_acts_in_training_alone() -> None:
    net, x = MLP((6,), 3, hidden=[64], dropout=0.5), torch.randn(4, 6)
    assert not torch.equal(net(x), net(x))
    net.eval()
    assert torch.equal(net(x), net(x))
