"""Activations and norms by name, and settings that differ by layer."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from kindling.error import ConfigError
from kindling.model.layer import ACTIVATIONS, make_activation, make_norm, per_layer


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_torchs_function_of_that_name(name: str) -> None:
    x = torch.linspace(-2, 2, 9)
    function = getattr(nn.functional, name, getattr(torch, name, None))
    assert function is not None
    torch.testing.assert_close(make_activation(name)(x), function(x))


@pytest.mark.parametrize(
    ("name", "settings"),
    [("leaky_relu", {"negative_slope": 0.2}), ("elu", {"alpha": 0.5}), ("gelu", {"approximate": "tanh"})],
)
def test_an_activation_takes_settings(name: str, settings: dict[str, Any]) -> None:
    x = torch.linspace(-2, 2, 9)
    expected = getattr(nn.functional, name)(x, **settings)
    torch.testing.assert_close(make_activation({name: settings})(x), expected)
    assert not torch.equal(make_activation(name)(x), expected)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"rely": {}}, r"model.activation: expected one of relu, .*sigmoid; got rely"),
        ({"relu": {}, "elu": {}}, r"model.activation: expected one of relu"),
        (
            {"leaky_relu": {"slope": 0.2}},
            r"model.activation.leaky_relu: .*unexpected keyword argument 'slope'",
        ),
        ({"elu": {"alpha": "much"}}, r"model.activation.elu: "),
        ({"gelu": {"approximate": "roughly"}}, r"model.activation.gelu: "),
    ],
)
def test_an_activation_that_there_is_not_is_refused_in_words(told: Any, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        make_activation(told)


@pytest.mark.parametrize(("shape", "dimensions"), [((8, 6), 0), ((8, 6, 5), 1), ((8, 6, 5, 5), 2)])
def test_batch_norm_evens_each_channel_and_layer_norm_each_sample(
    shape: tuple[int, ...], dimensions: int
) -> None:
    x = 3 + 2 * torch.randn(shape)
    over_batch, over_layer = make_norm("batch", 6, dimensions)(x), make_norm("layer", 6, dimensions)(x)
    assert over_batch.transpose(0, 1).flatten(1).mean(1).abs().max() < 1e-5
    assert over_layer.flatten(1).mean(1).abs().max() < 1e-5
    assert make_norm("none", 6, dimensions)(x) is x


@pytest.mark.parametrize(
    "word",
    [
        "model.activation=softmax",
        "model.activation={leaky_relu:0.2}",
        "model.activation=null",
        "model.norm=instance",
        "model.norm=[batch,bach]",
        "model.dropout=-0.1",
        "model.dropout=null",
    ],
)
def test_words_that_no_layer_takes_are_told(word: str, mistakes: Callable[..., str]) -> None:
    assert mistakes(word).startswith(f"{word.partition('=')[0]}: expected ")


def test_one_value_counts_for_all_layers_and_a_list_for_one_each() -> None:
    assert per_layer("dropout", 0.1, 3) == [0.1, 0.1, 0.1]
    assert per_layer("dropout", [0.1, 0.2], 2) == [0.1, 0.2]
    with pytest.raises(
        ConfigError, match=r"model.dropout: expected one value, or 3, one a layer; got \[0.1\]"
    ):
        per_layer("dropout", [0.1], 3)
