"""Any input, one block a hidden size."""

from itertools import product
from typing import Any

import pytest
import torch
from torch import nn

from kindling.error import ConfigError
from kindling.model.mlp import MLP
from kindling.model.residual import Residual


def kinds(net: nn.Module, kind: type[nn.Module]) -> list[Any]:
    return [layer for layer in net.modules() if isinstance(layer, kind)]


@pytest.mark.parametrize("shape", [(5,), (4, 3), (1, 8, 8)])
@pytest.mark.parametrize(
    ("norm", "residual", "activation", "dropout"),
    [
        *product(
            ["none", "batch", ["layer", "none"]],
            [False, True],
            ["relu", {"elu": {"alpha": 2}}],
            [0.1, [0, 0.5]],
        )
    ],
)
def test_it_takes_any_shape(
    shape: tuple[int, ...], norm: Any, residual: bool, activation: Any, dropout: Any
) -> None:
    net = MLP(shape, 7, [16, 8], activation, norm, dropout, residual, 0.5 if residual else 0.0)
    assert net(torch.randn(2, *shape)).shape == (2, 7)
    assert list(net.parameters())[-1].shape == (7,), "the head is registered last"


def test_hidden_sizes_are_the_layers() -> None:
    layers = kinds(MLP((5,), 2, hidden=[16, 8]), nn.Linear)
    assert [(layer.in_features, layer.out_features) for layer in layers] == [(5, 16), (16, 8), (8, 2)]


def test_without_hidden_layers_it_is_linear() -> None:
    net, x = MLP((3,), 1, hidden=[]), torch.randn(4, 3)
    torch.testing.assert_close(net(2 * x) - net(x), net(x) - net(0 * x))


def test_checkpoints_keep_their_names() -> None:
    names = [f"{layer}.{part}" for layer in ("1.0", "2.0", "3") for part in ("weight", "bias")]
    assert list(MLP((5,), 2, hidden=[16, 8]).state_dict()) == names


def test_dropout_acts_in_training_alone() -> None:
    net, x = MLP((6,), 3, hidden=[64], dropout=0.5), torch.randn(4, 6)
    assert not torch.equal(net(x), net(x))
    net.eval()
    assert torch.equal(net(x), net(x))


def test_each_block_drops_the_share_that_its_place_in_the_list_says() -> None:
    rates, x = [0.3, 0.0, 0.6], torch.rand(50, 4)
    net = MLP((4,), 2, hidden=[400, 400, 400], activation="sigmoid", dropout=rates)  # gives no zeros itself
    for block, rate in zip(list(net)[1:-1], rates, strict=True):
        x = block(x)
        assert (x == 0).float().mean().item() == pytest.approx(rate, abs=0.02)
    x = torch.rand(50, 4)
    for block in list(net.eval())[1:-1]:
        x = block(x)
        assert x.all()


def test_norms_stand_where_the_list_says() -> None:
    net = MLP((4,), 2, hidden=[256, 128, 64], norm=["batch", "layer", "none"], dropout=[0.3, 0.3, 0.2])
    assert [type(block[1]) for block in list(net)[1:-1]] == [nn.BatchNorm1d, nn.LayerNorm, nn.Identity]
    assert [block[3].p for block in list(net)[1:-1]] == [0.3, 0.3, 0.2]


def test_a_block_of_zeros_leaves_its_input_where_sizes_agree() -> None:
    net, x = MLP((6,), 3, hidden=[6, 6], norm="batch", residual=True), torch.randn(4, 6)
    for block in kinds(net, Residual):
        for weight in block.block.parameters():
            nn.init.zeros_(weight)
    assert torch.equal(nn.Sequential(*list(net)[:-1])(x), x)


def test_the_input_is_projected_where_sizes_differ() -> None:
    first, second = kinds(MLP((6,), 3, hidden=[8, 8], residual=True), Residual)
    assert (first.shortcut.in_features, first.shortcut.out_features, first.shortcut.bias) == (6, 8, None)
    assert isinstance(second.shortcut, nn.Identity)


def test_deeper_blocks_are_dropped_more_often() -> None:
    net = MLP((6,), 3, hidden=[8, 8], residual=True, stochastic_depth=0.5)
    assert [block.drop.rate for block in kinds(net, Residual)] == [0.25, 0.5]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"dropout": [0.1]}, r"model.dropout: expected one value, or 2"),
        ({"norm": ["batch"] * 3}, r"model.norm: expected one value, or 2"),
        ({"stochastic_depth": 0.1}, r"model.stochastic_depth: needs skip connections"),
    ],
)
def test_settings_that_do_not_fit_are_refused_in_words(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        MLP((5,), 2, **{"hidden": [16, 8], **settings})
