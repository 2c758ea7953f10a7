"""Features get mean 0 and spread 1, or the range 0 to 1, and come back."""

import pytest
import torch

from kindling.data.normalize import Normalize, feature_shape, measure

SHAPES = [(5,), (7, 3), (2, 4, 4)]


@pytest.mark.parametrize("shape", SHAPES, ids=["rows", "sequences", "images"])
def test_standard_gives_each_feature_mean_zero_and_spread_one(shape: tuple[int, ...]) -> None:
    x = 10 + 3 * torch.randn(500, *shape)
    kept = {1: 1, 2: 2, 3: 1}[len(shape)]
    axes = [axis for axis in range(x.ndim) if axis != kept]
    normalized = normalize(x, shape, "standard")
    torch.testing.assert_close(normalized.mean(axes), torch.zeros(x.shape[kept]), atol=1e-5, rtol=0)
    torch.testing.assert_close(normalized.std(axes, correction=0), torch.ones(x.shape[kept]))


@pytest.mark.parametrize("shape", SHAPES, ids=["rows", "sequences", "images"])
def test_minmax_gives_the_range_from_zero_to_one(shape: tuple[int, ...]) -> None:
    normalized = normalize(torch.randn(50, *shape), shape, "minmax")
    assert normalized.min() == 0
    assert normalized.max() == 1


def test_none_leaves_values_alone() -> None:
    x = torch.randn(9, 4)
    assert torch.equal(normalize(x, (4,), "none"), x)


def test_a_constant_feature_becomes_zero() -> None:
    assert normalize(torch.full((9, 2), 7.0), (2,), "standard").abs().max() == 0


def test_bytes_are_taken_as_they_are() -> None:
    x = torch.randint(0, 256, (20, 1, 4, 4), dtype=torch.uint8)
    assert normalize(x, (1, 4, 4), "minmax").dtype == torch.float32


def test_the_inverse_brings_values_back() -> None:
    x = 5 + 2 * torch.randn(30, 3)
    module = Normalize((3,))
    module.adopt(*measure([x], (3,), "standard"))
    torch.testing.assert_close(module.inverse(module(x)), x)


def normalize(x: torch.Tensor, shape: tuple[int, ...], method: str) -> torch.Tensor:
    module = Normalize(feature_shape(shape))
    module.adopt(*measure(x.split(7), feature_shape(shape), method))  # type: ignore[arg-type]
    return module(x)
