"""Images and sequences, of any size."""

import pytest
import torch
from torch import nn

from kindling.error import UnsuitableError
from kindling.model.cnn import CNN


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 5, 9), (3, 1, 1), (20, 3), (1, 2)])
@pytest.mark.parametrize("norm", ["none", "batch", "layer"])
def test_it_takes_images_and_sequences_of_any_size(shape: tuple[int, ...], norm: str) -> None:
    assert CNN(shape, 4, channels=[8, 8, 8, 8], norm=norm)(torch.randn(3, *shape)).shape == (3, 4)


def test_channels_are_the_convolutions() -> None:
    layers = [
        layer for layer in CNN((3, 8, 8), 2, channels=[8, 16]).modules() if isinstance(layer, nn.Conv2d)
    ]
    assert [(layer.in_channels, layer.out_channels) for layer in layers] == [(3, 8), (8, 16)]


def test_pooling_before_the_activation_changes_nothing() -> None:
    net, x = CNN((4, 6, 6), 2, channels=[8, 8]), torch.randn(2, 4, 6, 6)
    expected = x
    for convolution, norm, pool, activation, _ in net.blocks:
        expected = pool(activation(norm(convolution(expected))))
    torch.testing.assert_close(net(x), net.head(expected.flatten(1)))


def test_a_table_is_refused_in_words() -> None:
    with pytest.raises(UnsuitableError) as caught:
        CNN((13,), 3, channels=[8])
    assert (caught.value.needs, caught.value.has) == ("images or sequences", "rows of 13 numbers")
