"""Each result is a crop of the padded image, pixel for pixel, flipped as often as told."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from kindling.augmentation.base import FILLS
from kindling.augmentation.crop_flip import CropFlip
from kindling.data.spec import DataSpec

SPEC = DataSpec((3, 6, 9), "class", 2)
PADDING = {"nearest": "replicate", "zeros": "constant", "reflect": "reflect"}


def crops(image: Tensor, padding: int, fill: str) -> Tensor:
    """Every crop of one image and its mirror image: (places, channels, height, width)."""
    height, width = image.shape[1:]
    padded = F.pad(image.float(), (padding,) * 4, mode=PADDING[fill]).to(image.dtype)
    steps = range(2 * padding + 1)
    plain = torch.stack([padded[:, i : i + height, j : j + width] for i in steps for j in steps])
    return torch.cat([plain, plain.flip(-1)])


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("padding", [0, 1, 3])
def test_every_result_is_a_crop_of_the_padded_image(fill: str, padding: int) -> None:
    x = torch.randint(1, 256, (64, *SPEC.input_shape), dtype=torch.uint8)
    changed = CropFlip(SPEC, padding / min(SPEC.input_shape[1:]), fill=fill)(x, 0, 0, 0)
    assert changed.dtype == torch.uint8
    for before, after in zip(x, changed, strict=True):
        assert (crops(before, padding, fill) == after).all((1, 2, 3)).any()


def test_every_place_is_reached_equally_often() -> None:
    image = torch.randint(1, 256, SPEC.input_shape, dtype=torch.uint8)
    changed = CropFlip(SPEC, shift=1 / min(SPEC.input_shape[1:]), fill="zeros")(
        image.expand(3600, -1, -1, -1), 0, 0, 0
    )
    counts = torch.stack([(changed == crop).all((1, 2, 3)).sum() for crop in crops(image, 1, "zeros")])
    assert counts.sum() == 3600
    assert 140 < counts.min() <= counts.max() < 260, "18 places of about 200 each"


@pytest.mark.parametrize("flip", [0.0, 0.2, 1.0])
def test_the_share_of_mirror_images_is_as_told(flip: float) -> None:
    x = torch.rand(2000, *SPEC.input_shape)
    changed = CropFlip(SPEC, shift=0, flip=flip)(x, 0, 0, 0)
    share = (changed == x.flip(-1)).all((1, 2, 3)).float().mean().item()
    assert share == pytest.approx(flip, abs=0.03 if 0 < flip < 1 else 0)
