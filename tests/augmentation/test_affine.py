"""The matrices turn, shift, zoom and flip as they say; all in pixels, whatever the sides are."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from kindling.augmentation.affine import Affine, matrices, warp
from kindling.augmentation.base import FILLS
from kindling.data.spec import DataSpec
from kindling.error import UnsuitableError

PADDING = {"nearest": "replicate", "zeros": "constant", "reflect": "reflect"}


def moved(
    x: Tensor,
    degrees: float = 0.0,
    shift: tuple[float, float] = (0.0, 0.0),
    zoom: float = 1.0,
    flip: bool = False,
    fill: str = "zeros",
) -> Tensor:
    numbers = (torch.tensor([number]) for number in (math.radians(degrees), shift, zoom, flip))
    return warp(x, matrices(*numbers, *x.shape[2:]), fill)


def close(one: Tensor, other: Tensor) -> None:
    torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-4)


def test_a_quarter_turn_goes_against_the_clock() -> None:
    x = torch.rand(1, 3, 9, 9)
    close(moved(x, degrees=90), x.rot90(1, (2, 3)))
    close(moved(x, degrees=-90), x.rot90(-1, (2, 3)))


def test_a_wide_image_is_turned_without_distortion() -> None:
    x = torch.rand(1, 1, 4, 10)
    turned = moved(x, degrees=90)
    close(turned[..., 3:7], x[..., 3:7].rot90(1, (2, 3)))
    assert (turned[..., :3] == 0).all()


@pytest.mark.parametrize("fill", FILLS)
def test_a_shift_by_whole_pixels_shows_the_padded_image(fill: str) -> None:
    x = torch.rand(1, 2, 5, 8)
    padded = F.pad(x, (3, 3, 3, 3), mode=PADDING[fill])
    close(moved(x, shift=(2 / 8, -1 / 5), fill=fill), padded[:, :, 4:9, 1:9])  # right and up


def test_a_flip_mirrors_left_and_right() -> None:
    x = torch.rand(1, 3, 5, 8)
    close(moved(x, flip=True), x.flip(-1))


def test_a_zoom_enlarges_what_lies_around_the_centre() -> None:
    x = torch.rand(1, 1, 9, 13)
    close(moved(x, zoom=2.0)[:, :, ::2, ::2], x[:, :, 2:7, 3:10])


def test_the_flip_comes_before_the_turn_and_the_shift_last() -> None:
    x = torch.rand(1, 1, 8, 8)
    both = moved(x, degrees=90, shift=(1 / 8, 0), flip=True)
    close(both[..., 1:], x.flip(-1).rot90(1, (2, 3))[..., :-1])


def test_without_strength_every_image_stays_as_it_is() -> None:
    x = torch.randint(0, 256, (4, 3, 7, 5), dtype=torch.uint8)
    still = Affine(DataSpec((3, 7, 5), "class", 2), rotation=0, shift=0, zoom=0)(x, 0, 0, 0)
    torch.testing.assert_close(still, x.float(), atol=1e-3, rtol=0)


def test_images_without_a_second_row_or_column_are_refused() -> None:
    with pytest.raises(UnsuitableError, match="needs images of two rows and columns or more"):
        Affine(DataSpec((3, 7, 1), "class", 2))


@pytest.mark.parametrize(
    ("setting", "argument", "lowest", "highest"),
    [
        ({"rotation": 30}, 0, -math.pi / 6, math.pi / 6),
        ({"shift": 0.2}, 1, -0.2, 0.2),
        ({"zoom": 0.25}, 2, 1 / 1.25, 1.25),
    ],
)
def test_strengths_are_drawn_up_to_their_setting_either_way(
    setting: dict[str, Any], argument: int, lowest: float, highest: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(
        "kindling.augmentation.affine.matrices", lambda *told: seen.extend(told) or matrices(*told)
    )
    Affine(DataSpec((1, 4, 4), "class", 2), **setting)(torch.rand(2000, 1, 4, 4), 0, 0, 0)
    assert seen[argument].min().item() == pytest.approx(lowest, abs=0.01)
    assert seen[argument].max().item() == pytest.approx(highest, abs=0.01)


def test_a_flip_is_drawn_with_its_probability() -> None:
    x = torch.rand(1, 1, 4, 4).expand(2000, -1, -1, -1)
    only_flips = Affine(DataSpec((1, 4, 4), "class", 2), rotation=0, shift=0, zoom=0, flip=0.3)
    flipped = (only_flips(x, 0, 0, 0) - x.flip(-1)).abs().amax((1, 2, 3)) < 1e-4
    assert flipped.float().mean().item() == pytest.approx(0.3, abs=0.05)
