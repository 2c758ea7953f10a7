"""A box comes from the partner, the rest stays, and the share is what stays."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from omegaconf import DictConfig

from kindling.build import build
from kindling.data.spec import DataSpec
from kindling.error import ConfigError
from kindling.regularizer.cutmix import CutMix
from tests.conftest import QUIET

SHAPE = (3, 9, 6)
MIXER = CutMix(DataSpec(SHAPE, "class", 5), 1.0)


@pytest.mark.parametrize("kind", [torch.float32, torch.uint8])
def test_each_pixel_is_of_one_image_and_the_share_is_the_area_that_stays(kind: torch.dtype) -> None:
    own = torch.arange(5).reshape(5, 1, 1, 1)
    x = own.expand(5, *SHAPE).to(kind)  # each image in a colour of its own
    for draw in range(200):
        mixed, blend = MIXER(x, np.random.default_rng(draw))
        assert mixed.dtype == kind
        other = blend.partner.reshape(5, 1, 1, 1)
        assert ((mixed == own) | (mixed == other)).all()
        for image in (own[:, 0, 0, 0] != blend.partner).nonzero().flatten():
            assert (mixed[image] == image).float().mean().item() == pytest.approx(blend.share, abs=1e-6)
            taken = (mixed[image] != image).nonzero()
            if len(taken):  # they fill a box
                assert len(taken) == (taken.max(0).values - taken.min(0).values + 1).prod()


def test_an_uncut_box_has_the_images_proportions_and_reaches_every_edge() -> None:
    x = torch.arange(2.0).reshape(2, 1, 1, 1).expand(2, 1, 8, 8)
    swap, seen, largest = torch.tensor([1, 0]), torch.zeros(8, 8), 0
    for draw in range(300):
        mixed, blend = MIXER.mix(x, swap, 0.75, np.random.default_rng(draw))  # half of each side
        assert blend.share >= 0.75
        largest = max(largest, int(mixed[0].sum()))
        seen += mixed[0, 0]
    assert largest == 4 * 4
    assert seen.min() > 10, "a corner is in few boxes, and in some"


def test_a_table_has_no_boxes(composed: Callable[..., DictConfig], tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cutmix needs images; data has rows of 13 numbers"):
        build(composed(*QUIET, "data=wine", "regularizer=[cutmix]"), tmp_path)  # wine alone
