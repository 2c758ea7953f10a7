"""Skip connections, and blocks that are dropped at random."""

from collections.abc import Callable

import pytest
import torch
from torch import nn

from kindling.error import ConfigError
from kindling.model.residual import Residual, StochasticDepth, depth_rates


def test_a_residual_is_shortcut_plus_block() -> None:
    net, x = Residual(nn.Linear(3, 2), nn.Linear(3, 2, bias=False)), torch.randn(5, 3)
    torch.testing.assert_close(net(x), net.shortcut(x) + net.block(x))


@pytest.mark.parametrize("shape", [(3,), (3, 4), (3, 2, 2)])
def test_whole_samples_are_dropped_as_often_as_told_and_the_mean_is_kept(shape: tuple[int, ...]) -> None:
    dropped = StochasticDepth(0.2)(torch.ones(4000, *shape)).flatten(1)  # (batch, values)
    assert torch.equal(dropped.amin(1), dropped.amax(1))
    assert dropped.unique().tolist() == pytest.approx([0, 1 / 0.8])
    assert (dropped[:, 0] == 0).float().mean().item() == pytest.approx(0.2, abs=0.03)
    assert dropped.mean().item() == pytest.approx(1, abs=0.04)


def test_nothing_is_dropped_in_evaluation_or_at_rate_zero() -> None:
    x = torch.randn(100, 3)
    assert torch.equal(StochasticDepth(0.9).eval()(x), x)
    assert torch.equal(StochasticDepth(0.0)(x), x)


def test_a_dropped_block_leaves_the_shortcut() -> None:
    net, x = Residual(nn.Linear(3, 3), nn.Identity(), rate=0.5), torch.randn(200, 3)
    output = net(x)
    kept = (output != x).any(1)
    assert 60 < kept.sum() < 140
    torch.testing.assert_close(output[kept], (x + 2 * net.block(x))[kept])


def test_the_rate_rises_linearly_to_the_deepest_block() -> None:
    assert depth_rates(0.4, True, 4) == pytest.approx([0.1, 0.2, 0.3, 0.4])
    assert depth_rates(0.0, False, 2) == [0, 0]
    assert depth_rates(0.4, True, 0) == []


@pytest.mark.parametrize(
    "word", ["model.stochastic_depth=-0.1", "model.stochastic_depth=1", "model.stochastic_depth=half"]
)
def test_a_rate_out_of_range_is_told(word: str, mistakes: Callable[..., str]) -> None:
    assert mistakes(word).startswith(f"{word.partition('=')[0]}: expected ")


def test_stochastic_depth_without_skip_connections_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"model.stochastic_depth: .*add model.residual=true"):
        depth_rates(0.1, False, 2)
