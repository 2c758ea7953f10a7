"""One square of the told size is hidden behind the training split's mean."""

from typing import Any

import pytest
import torch
from torch import Tensor

from kindling.augmentation.cutout import Cutout
from kindling.data.normalize import Statistics
from kindling.data.spec import DataSpec

SPEC = DataSpec((2, 8, 12), "class", 2)
NONE = torch.empty(0)
MEANS = torch.tensor([3.5, 100.2])[:, None, None]


def cutout(**settings: Any) -> Cutout:
    made = Cutout(SPEC, **settings)
    made.adopt(Statistics(MEANS, torch.ones(2, 1, 1), NONE, NONE, NONE))
    return made


def holes(x: Tensor, changed: Tensor) -> Tensor:
    return (x != changed).any(1)  # (batch, height, width)


def test_the_hole_shows_the_mean_of_each_channel() -> None:
    x = torch.full((32, *SPEC.input_shape), 255.0)
    changed = cutout()(x, 0, 0, 0)
    hidden = holes(x, changed)[:, None].expand_as(x)
    torch.testing.assert_close(changed, torch.where(hidden, MEANS, x))
    whole = cutout()(x.byte(), 0, 0, 0)
    assert torch.equal(whole, changed.round().byte()), "bytes stay bytes, with the nearest value"


@pytest.mark.parametrize(("size", "side"), [(0, 0), (0.01, 1), (0.25, 2), (0.4, 3), (1.0, 8)])
def test_the_hole_is_one_square_of_the_told_share_unless_the_edge_cuts_it(size: float, side: int) -> None:
    x = torch.full((300, *SPEC.input_shape), 255.0)
    hidden = holes(x, cutout(size=size)(x, 0, 0, 0))
    heights, widths = hidden.any(2).sum(1), hidden.any(1).sum(1)
    assert torch.equal(hidden.sum((1, 2)), heights * widths), "a full rectangle"
    assert heights.max() == widths.max() == side
    if side > 1:
        assert heights.min() < side, "some are cut"


def test_the_centre_may_be_any_pixel_equally_often() -> None:
    x = torch.full((9600, *SPEC.input_shape), 255.0)
    counts = holes(x, cutout(size=0.1)(x, 0, 0, 0)).sum(0)  # one pixel each: (height, width)
    assert counts.sum() == 9600
    assert 50 < counts.min() <= counts.max() < 150, "96 pixels of about 100 each"


def test_the_square_lies_around_its_centre() -> None:
    x = torch.full((9600, *SPEC.input_shape), 255.0)
    counts = holes(x, cutout(size=0.4)(x, 0, 0, 0)).sum(0)  # three pixels wide
    corners = counts[[0, 0, -1, -1], [0, -1, 0, -1]].tolist()
    assert corners == pytest.approx([400] * 4, rel=0.2), "from 4 of 96 centres each"


def test_as_many_images_are_hit_as_told() -> None:
    x = torch.full((2000, *SPEC.input_shape), 255.0)
    hit = holes(x, cutout(probability=0.3)(x, 0, 0, 0)).flatten(1).any(1)
    assert hit.float().mean().item() == pytest.approx(0.3, abs=0.04)
