"""Activations and norms by name."""

import pytest
import torch
from torch import nn

from kindling.error import ConfigError
from kindling.model.layer import ACTIVATIONS, make_activation, make_norm


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_torchs_function_of_that_name(name: str) -> None:
    x = torch.linspace(-2, 2, 9)
    function = getattr(nn.functional, name, getattr(torch, name, None))
    assert function is not None
    torch.testing.assert_close(make_activation(name)(x), function(x))


@pytest.mark.parametrize(("shape", "dimensions"), [((8, 6), 0), ((8, 6, 5), 1), ((8, 6, 5, 5), 2)])
def test_batch_norm_evens_each_channel_and_layer_norm_each_sample(
    shape: tuple[int, ...], dimensions: int
) -> None:
    x = 3 + 2 * torch.randn(shape)
    over_batch, over_layer = make_norm("batch", 6, dimensions)(x), make_norm("layer", 6, dimensions)(x)
    assert over_batch.transpose(0, 1).flatten(1).mean(1).abs().max() < 1e-5
    assert over_layer.flatten(1).mean(1).abs().max() < 1e-5
    assert make_norm("none", 6, dimensions)(x) is x


def test_an_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ConfigError, match=r"model.norm: expected one of none, batch, layer; got instance"):
        make_norm("instance", 3)
