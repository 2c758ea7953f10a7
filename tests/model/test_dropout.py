"""Masks of sixteen random bits a value: as often as told, independent of each other, under the seed."""

import pytest
import torch
from torch import Tensor, nn

from kindling.model.dropout import Dropout

MANY = 1_000_000


def masked(rate: float, *shape: int, seed: int = 0) -> Tensor:
    torch.manual_seed(seed)
    return Dropout(rate)(torch.ones(shape))


@pytest.mark.parametrize("rate", [0.001, 0.1, 0.2, 0.5, 0.77, 0.999])
def test_as_many_are_dropped_as_told_and_the_mean_stays(rate: float) -> None:
    made = masked(rate, MANY)
    deviation = (rate * (1 - rate) / MANY) ** 0.5
    assert abs((made == 0).float().mean() - rate) < 4.5 * deviation + 1 / 2**16
    assert made.unique().tolist() == [0.0, pytest.approx(1 / (1 - rate), rel=1e-2)]
    assert abs(made.double().mean() - 1) < 5 * deviation / (1 - rate)


@pytest.mark.parametrize("lag", [1, 2, 3, 4, 8, 624, 1248])  # in a word, beyond it, the state
def test_neighbours_know_nothing_of_each_other(lag: int) -> None:
    kept = (masked(0.3, MANY) > 0).double() - 0.7
    correlation = (kept[lag:] * kept[:-lag]).mean() / 0.21
    assert abs(correlation) < 4.5 / MANY**0.5


def test_each_quarter_of_a_word_is_dropped_alike() -> None:
    rates = (masked(0.2, MANY) == 0).reshape(-1, 4).double().mean(0)
    assert all(abs(rate - 0.2) < 4.5 * (0.16 / (MANY / 4)) ** 0.5 for rate in rates.tolist())


def test_the_seed_decides() -> None:
    first, again, other = (masked(0.4, 37, 5, seed=seed) for seed in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_the_next_mask_is_another() -> None:
    torch.manual_seed(0)
    dropout = Dropout(0.5)
    assert not torch.equal(dropout(torch.ones(100)), dropout(torch.ones(100)))


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16, torch.float64])
def test_gradients_pass_where_values_do(kind: torch.dtype) -> None:
    x = torch.randn(7, 9, dtype=kind).t().requires_grad_()  # not contiguous, and no multiple of four
    torch.manual_seed(0)
    made = Dropout(0.25)(x)
    made.sum().backward()
    assert made.dtype == kind
    assert x.grad is not None
    assert torch.equal(made == 0, x.grad == 0)
    assert torch.allclose(made, x * x.grad)


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_all_and_nothing_are_torchs(rate: float) -> None:
    assert torch.equal(masked(rate, 10), nn.Dropout(rate)(torch.ones(10)))


def test_evaluation_drops_nothing_and_an_empty_batch_passes() -> None:
    x = torch.randn(20)
    assert torch.equal(Dropout(0.9).eval()(x), x)
    assert Dropout(0.5)(torch.ones(0, 3)).shape == (0, 3)


@pytest.mark.parametrize("rate", [-0.1, 1.1])
def test_other_rates_are_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Dropout(rate)
