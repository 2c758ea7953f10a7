"""Images and sequences, of any size."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
import torch
from omegaconf import OmegaConf
from torch import nn

from kindling.error import ConfigError, UnsuitableError
from kindling.model.cnn import CNN
from kindling.model.dropout import Dropout
from kindling.model.residual import Residual
from tests.conftest import CONF


def kinds(net: nn.Module, kind: type[nn.Module]) -> list[Any]:
    return [layer for layer in net.modules() if isinstance(layer, kind)]


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 5, 9), (3, 1, 1), (20, 3), (1, 2)])
@pytest.mark.parametrize("norm", ["none", "batch", "layer"])
def test_it_takes_images_and_sequences_of_any_size(shape: tuple[int, ...], norm: str) -> None:
    assert CNN(shape, 4, channels=[8, 8, 8, 8], norm=norm)(torch.randn(3, *shape)).shape == (3, 4)


@pytest.mark.parametrize("shape", [(3, 5, 9), (7, 3)])
@pytest.mark.parametrize(
    ("kernel", "pooling", "convolutions", "residual", "summary"),
    [
        *product(
            [3, 2, 11, [4, 1]],
            ["max", "none", ["average", "max"]],
            [1, [1, 2]],
            [False, True],
            ["flatten", "mean"],
        )
    ],
)
def test_all_settings_go_together(
    shape: tuple[int, ...], kernel: Any, pooling: Any, convolutions: Any, residual: bool, summary: Any
) -> None:
    net = CNN(
        shape, 4, [6, 6], convolutions, kernel, pooling, summary, norm=["batch", "none"], dropout=[0.1, 0],
        residual=residual, stochastic_depth=0.5 * residual,
    )  # fmt: skip
    assert net(torch.randn(3, *shape)).shape == (3, 4)
    assert list(net.named_parameters())[-1][0] == "head.bias", "the head is registered last"


def test_channels_are_the_convolutions() -> None:
    layers = kinds(CNN((3, 8, 8), 2, channels=[8, 16], convolutions=[1, 2], kernel=[5, 3]), nn.Conv2d)
    assert [(layer.in_channels, layer.out_channels) for layer in layers] == [(3, 8), (8, 16), (16, 16)]
    assert [layer.kernel_size for layer in layers] == [(5, 5), (3, 3), (3, 3)]


def test_pooling_before_the_activation_changes_nothing() -> None:
    net, x = CNN((4, 6, 6), 2, channels=[8, 8]), torch.randn(2, 4, 6, 6)
    expected = x
    for convolution, norm, pool, activation, _ in net.blocks:
        expected = pool(activation(norm(convolution(expected))))
    torch.testing.assert_close(net(x), net.head(expected.flatten(1)))


@pytest.mark.parametrize(
    ("pooling", "of_image", "of_sequence"),
    [
        ("max", [[4.0, 8]], [2.0, 6]),
        ("average", [[2.5, 6.5]], [1.5, 5]),
        ("none", [[1.0, 2, 5, 6], [3, 4, 7, 8]], [1.0, 2, 4, 6]),
    ],
)
def test_pooling_is_as_computed_by_hand(pooling: str, of_image: Any, of_sequence: Any) -> None:
    image = torch.tensor([[[[1.0, 2, 5, 6], [3, 4, 7, 8]]]])
    assert (
        blocks_alone((1, 2, 4), pooling)(image).squeeze().tolist()
        == torch.tensor(of_image).squeeze().tolist()
    )
    sequence = torch.tensor([[[1.0, 2, 4, 6]]])  # (batch, channels, time)
    assert blocks_alone((4, 1), pooling)(sequence).squeeze().tolist() == of_sequence


def blocks_alone(shape: tuple[int, ...], pooling: str) -> nn.Module:
    """One block that does nothing but pool."""
    net = CNN(shape, 2, channels=[1], kernel=1, pooling=pooling)
    (convolution,) = kinds(net, nn.Conv2d if len(shape) == 3 else nn.Conv1d)
    nn.init.ones_(convolution.weight)
    nn.init.zeros_(convolution.bias)
    return net.blocks


def test_the_mean_over_the_map_takes_images_of_any_size() -> None:
    net = CNN((3, 8, 8), 2, channels=[4], summary="mean").eval()
    assert net(torch.randn(2, 3, 20, 12)).shape == (2, 2)
    x = torch.randn(2, 3, 8, 8)
    torch.testing.assert_close(net(x), net.head(net.blocks(x).flatten(2).mean(2)))


@pytest.mark.parametrize("shape", [(2, 6, 6), (9, 2)])
def test_an_even_kernel_sees_what_torch_would_call_the_same(shape: tuple[int, ...]) -> None:
    net, x = (
        CNN(
            shape, 2, channels=[3], kernel=4, pooling="none", activation={"leaky_relu": {"negative_slope": 1}}
        ),
        torch.randn(2, *shape),
    )
    (convolution,) = kinds(net, nn.Conv2d if net.images else nn.Conv1d)
    x = x if net.images else x.transpose(1, 2)
    padded = nn.functional.pad(x, (1, 2) * (x.ndim - 2))
    function = nn.functional.conv2d if net.images else nn.functional.conv1d
    torch.testing.assert_close(net.blocks(x), function(padded, convolution.weight, convolution.bias))


def test_an_activation_follows_each_convolution_and_pooling_the_last() -> None:
    (block,) = CNN((1, 4, 4), 2, channels=[2], convolutions=2, norm="layer").blocks
    unit = [nn.Conv2d, nn.GroupNorm]
    assert [type(layer) for layer in block] == [*unit, nn.ReLU, *unit, nn.MaxPool2d, nn.ReLU, Dropout]


def test_batch_norm_makes_biases_superfluous() -> None:
    layers = kinds(CNN((3, 8, 8), 2, channels=[4, 4], norm=["batch", "layer"], convolutions=2), nn.Conv2d)
    assert [layer.bias is None for layer in layers] == [True, True, False, False]


def test_each_block_drops_the_share_that_its_place_in_the_list_says() -> None:
    net, x = (
        CNN((1, 8, 8), 2, channels=[64, 64], activation="sigmoid", dropout=[0.2, 0.5]),
        torch.rand(50, 1, 8, 8),
    )
    for block, rate in zip(net.blocks, [0.2, 0.5], strict=True):
        x = block(x)
        assert (x == 0).float().mean().item() == pytest.approx(rate, abs=0.02)
    assert net.eval().blocks(torch.rand(50, 1, 8, 8)).all()


def test_a_block_of_zeros_leaves_its_input_pooled_where_it_pools() -> None:
    net = CNN(
        (4, 6, 6), 2, channels=[4, 4], convolutions=2, pooling=["none", "max"], norm="batch", residual=True
    )
    for block in kinds(net, Residual):
        for weight in block.block.parameters():
            nn.init.zeros_(weight)
    x = torch.randn(2, 4, 6, 6)
    assert torch.equal(net.blocks[0](x), x)
    assert torch.equal(net.blocks(x), nn.functional.max_pool2d(x, 2))


def test_the_input_is_projected_where_channels_differ() -> None:
    first, second = kinds(CNN((3, 6, 6), 2, channels=[4, 4], pooling="none", residual=True), Residual)
    assert isinstance(second.shortcut, nn.Identity)
    (projection,) = first.shortcut
    assert (projection.weight.shape, projection.bias) == ((4, 3, 1, 1), None)


def test_deeper_blocks_are_dropped_more_often() -> None:
    net = CNN((3, 8, 8), 2, channels=[4, 4], residual=True, stochastic_depth=0.5)
    assert [block.drop.rate for block in kinds(net, Residual)] == [0.25, 0.5]


def test_the_resnet_is_small_and_takes_images_of_any_size() -> None:
    settings: Any = OmegaConf.to_container(OmegaConf.load(CONF / "model/resnet.yaml"))
    settings = {key: value for key, value in settings.items() if not key.startswith("_")}
    net = CNN((3, 32, 32), 10, **settings).eval()
    assert 300_000 < sum(weight.numel() for weight in net.parameters()) < 1_000_000
    for side in (32, 48):
        assert net(torch.randn(2, 3, side, side)).shape == (2, 10)


def test_a_table_is_refused_in_words() -> None:
    with pytest.raises(UnsuitableError) as caught:
        CNN((13,), 3, channels=[8])
    assert (caught.value.needs, caught.value.has) == ("images or sequences", "rows of 13 numbers")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"pooling": ["max"]}, r"model.pooling: expected one value, or 2"),
        ({"dropout": [0.1] * 3}, r"model.dropout: expected one value, or 2"),
        ({"stochastic_depth": 0.1}, r"model.stochastic_depth: needs skip connections"),
    ],
)
def test_settings_that_do_not_fit_are_refused_in_words(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        CNN((3, 8, 8), 2, **{"channels": [8, 8], **settings})


@pytest.mark.parametrize(
    "word",
    [
        "model.pooling=[max,min]",
        "model.summary=last",
        "model.kernel=0",
        "model.convolutions=[1,0]",
        "model.channels=8",
        "model.channels=[8,1.5]",
        "model.stochastic_depth=1",
    ],
)
def test_values_that_no_block_takes_are_told(word: str, mistakes: Callable[..., str]) -> None:
    assert mistakes("model=cnn", word).startswith(f"{word.partition('=')[0]}: expected ")
