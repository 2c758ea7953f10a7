"""Every kind of image file shows its colours, its right side up, in the size that was asked for."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kindling.error import DataError
from kindling.source.decode import decode

PALETTE = [255, 0, 0, 0, 0, 255]


def palette(transparency: int | bytes) -> Image.Image:
    image = Image.new("P", (2, 2), 1)
    image.putpalette(PALETTE)
    image.info["transparency"] = transparency
    return image


def sixteen_bits(value: int) -> Image.Image:
    return Image.fromarray(np.full((2, 2), value, dtype=np.uint16))


@pytest.mark.parametrize(
    ("image", "ending", "expected"),
    [
        (Image.new("RGB", (2, 2), (1, 2, 3)), "png", [1, 2, 3]),
        (Image.new("L", (2, 2), 7), "png", [7, 7, 7]),
        (Image.new("1", (2, 2), 1), "png", [255, 255, 255]),
        (Image.new("LA", (2, 2), (7, 255)), "png", [7, 7, 7]),
        (Image.new("LA", (2, 2), (7, 0)), "png", [255, 255, 255]),
        (Image.new("RGBA", (2, 2), (0, 100, 200, 255)), "png", [0, 100, 200]),
        (Image.new("RGBA", (2, 2), (0, 100, 200, 0)), "png", [255, 255, 255]),
        (Image.new("RGBA", (2, 2), (0, 100, 200, 51)), "png", [204, 224, 244]),
        (palette(0), "png", [0, 0, 255]),
        (palette(1), "png", [255, 255, 255]),
        (palette(b"\xff\x00"), "png", [255, 255, 255]),
        (palette(1), "gif", [255, 255, 255]),
        (Image.new("CMYK", (2, 2), (255, 0, 0, 0)), "tif", [0, 255, 255]),
        (Image.new("CMYK", (2, 2), (0, 0, 0, 255)), "jpg", [0, 0, 0]),
        (sixteen_bits(65535), "png", [255, 255, 255]),
        (sixteen_bits(257 * 9), "png", [9, 9, 9]),
        (sixteen_bits(300), "tif", [1, 1, 1]),
        (sixteen_bits(32768), "pgm", [128, 128, 128]),
    ],
)
def test_every_kind_of_image_shows_its_colours(
    image: Image.Image, ending: str, expected: list[int], tmp_path: Path
) -> None:
    path = tmp_path / f"image.{ending}"
    image.save(path)
    (rgb, _), (grey, _) = decode(path, "rgb", None), decode(path, "grey", None)
    assert rgb.dtype == np.uint8
    assert rgb.shape == (3, 2, 2)
    assert rgb[:, 1, 1].tolist() == expected
    red, green, blue = expected
    assert grey.shape == (1, 2, 2)
    assert grey[0, 1, 1] == pytest.approx(0.299 * red + 0.587 * green + 0.114 * blue, abs=1)


@pytest.mark.parametrize("mode", ["F", "I"])
def test_pixels_without_a_white_are_told(mode: str, tmp_path: Path) -> None:
    Image.new(mode, (2, 2), 70000).save(tmp_path / "image.tif")
    with pytest.raises(DataError, match=r"image\.tif: expected a whole image, got: pixels of 32 bits"):
        decode(tmp_path / "image.tif", "rgb", None)


def test_the_camera_says_which_side_is_up(tmp_path: Path) -> None:
    image = Image.new("L", (3, 2))
    image.putpixel((0, 0), 255)
    image.getexif()[0x0112] = 6  # taken with the camera on its side
    image.save(tmp_path / "image.png", exif=image.getexif())
    pixels, _ = decode(tmp_path / "image.png", "grey", None)
    assert pixels.tolist() == [[[0, 255], [0, 0], [0, 0]]]


def test_an_image_is_resized_to_height_and_width(tmp_path: Path) -> None:
    Image.fromarray(np.tile([[0, 255]], (4, 4)).astype(np.uint8)).save(tmp_path / "stripes.png")
    pixels, _ = decode(tmp_path / "stripes.png", "grey", (2, 4))
    assert pixels.shape == (1, 2, 4)
    assert 90 < pixels.min() <= pixels.max() < 165, "pixels that are left out would be 0 or 255"
