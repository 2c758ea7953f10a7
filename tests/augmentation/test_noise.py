"""Noise is as wide as its strength says, in each column's own unit."""

import pytest
import torch

from kindling.augmentation.noise import Noise
from kindling.data.normalize import Statistics, feature_shape
from kindling.data.spec import DataSpec

NONE = torch.empty(0)


@pytest.mark.parametrize("shape", [(3,), (40, 3), (3, 8, 5)])
def test_its_spread_is_the_strength_times_the_scale_of_each_column(shape: tuple[int, ...]) -> None:
    scale = torch.tensor([0.1, 1.0, 50.0]).reshape(feature_shape(shape))
    noise = Noise(DataSpec(shape, "class", 2), strength=0.3)
    noise.adopt(Statistics(torch.zeros_like(scale), scale, NONE, NONE, NONE))
    x = torch.full((8000 if len(shape) == 1 else 400, *shape), 7.0)

    added = noise(x, 0, 0, 0) - x

    axes = [axis for axis in range(x.ndim) if x.shape[axis] != 3]
    expected = 0.3 * scale.flatten()
    torch.testing.assert_close(added.std(axes), expected, rtol=0.05, atol=0)
    assert (added.mean(axes).abs() < 0.05 * expected).all()


def test_without_strength_every_value_stays_as_it_is() -> None:
    x = torch.rand(8, 3)
    assert torch.equal(Noise(DataSpec((3,), "class", 2), strength=0)(x, 0, 0, 0), x)
