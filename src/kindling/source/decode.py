"""Any image file as bytes of one shape, with its colours and its right side up."""

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from kindling.error import DataError, one_line

MODES = {"rgb": "RGB", "grey": "L"}  # our word and Pillow's


def from_16_bits(image: Image.Image) -> Image.Image:
    """Scale grey of 16 bits to eight, which Pillow would clip; raises ValueError over wider pixels."""
    values = np.asarray(image)
    if values.dtype.kind == "f" or values.min() < 0 or values.max() >= 2**16:
        raise ValueError("pixels of 32 bits, where nothing says which number is white")
    return Image.fromarray(((values.astype(np.int32) + 128) // 257).astype(np.uint8))


def as_rgb(image: Image.Image) -> Image.Image:
    """Three channels of eight bits; what is transparent shows white."""
    if image.mode.startswith(("I", "F")):
        image = from_16_bits(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def decode(path: Path, mode: str, size: tuple[int, int] | None) -> tuple[NDArray[np.uint8], bytes]:
    """Pixels (channels, height, width) of an image file, and the file's sha256; raises DataError."""
    try:
        with path.open("rb") as file, Image.open(file) as image:
            ImageOps.exif_transpose(image, in_place=True)
            plain = as_rgb(image).convert(MODES[mode])
            if size:
                plain = plain.resize(size[::-1], Image.Resampling.BILINEAR)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").digest()
    except UnidentifiedImageError:
        what = "expected an image, got a foreign or damaged file that Pillow can't read"
        raise DataError(f"{path}: {what}; replace it or move it away") from None
    except PermissionError:
        raise
    except Exception as error:  # at damaged bytes Pillow raises errors of many kinds
        what = f"expected a whole image, got: {one_line(error) or type(error).__name__}"
        raise DataError(f"{path}: {what}; replace it or move it away") from error
    pixels = np.asarray(plain).reshape(plain.height, plain.width, -1)  # (height, width, channels)
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)), digest  # (channels, height, width)
