"""Each row is a weighted mean of itself and its partner."""

import numpy as np
import pytest
import torch

from kindling.data.spec import DataSpec
from kindling.regularizer.mixup import Mixup


@pytest.mark.parametrize("kind", [torch.float32, torch.uint8])
@pytest.mark.parametrize("shape", [(5,), (4, 3), (1, 6, 6)])
def test_it_follows_its_formula(shape: tuple[int, ...], kind: torch.dtype) -> None:
    x, generator = (200 * torch.rand(6, *shape)).to(kind), np.random.default_rng(0)
    before = x.clone()
    mixed, blend = Mixup(DataSpec(shape, "class", 2), 1.0)(x, generator)
    expected = blend.share * x.double() + (1 - blend.share) * x[blend.partner].double()
    torch.testing.assert_close(mixed, expected.float())
    assert torch.equal(x, before), "the data itself must not change"
    assert blend.partner.sort().values.tolist() == list(range(6))
