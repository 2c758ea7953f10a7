"""Images augmented one at a time with Pillow: what whole batches are measured against.

`usual` does what torchvision's transforms do, step by step; `lean` leaves out all that can be left out.
"""

import math
import random
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps
from torch import Tensor
from torch.utils.data import Dataset

Change = Callable[[Image.Image], Image.Image]
Uniform = Callable[[float, float], float]
MEAN, DEVIATION = [0.5] * 3, [0.25] * 3


def usual_draw(low: float, high: float) -> float:
    """A number as torchvision draws it."""
    return float(torch.empty(1).uniform_(low, high).item())


def affine(image: Image.Image, draw: Uniform) -> Image.Image:
    """Turn, shift and zoom by numbers of its own in one interpolation, then mirror every other one."""
    width, height = image.size
    angle = math.radians(draw(-20, 20))
    zoom = math.exp(draw(-1, 1) * math.log(1.1))
    cos, sin = math.cos(angle) / zoom, math.sin(angle) / zoom
    middle = (width - 1) / 2, (height - 1) / 2
    x = middle[0] + draw(-0.1, 0.1) * width
    y = middle[1] + draw(-0.1, 0.1) * height
    back = (cos, -sin, middle[0] - cos * x + sin * y, sin, cos, middle[1] - sin * x - cos * y)
    return mirror(image.transform(image.size, Image.Transform.AFFINE, back, Image.Resampling.BILINEAR), draw)


def crop_flip(image: Image.Image, draw: Uniform) -> Image.Image:
    """Crop a padded image back to its size somewhere, then mirror every other one."""
    width, height = image.size
    left, top = int(draw(0, 9)), int(draw(0, 9))
    return mirror(ImageOps.expand(image, 4).crop((left, top, left + width, top + height)), draw)


def mirror(image: Image.Image, draw: Uniform) -> Image.Image:
    """The image, or its mirror image."""
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if draw(0, 1) < 0.5 else image


def usual_tensor(image: Image.Image) -> Tensor:
    """ToTensor and Normalize: a copy each, and the statistics made tensors and looked at each time."""
    channels = len(image.getbands())
    pixels = torch.from_numpy(np.array(image, np.uint8, copy=True))  # (height, width, channels)
    pixels = pixels.view(image.size[1], image.size[0], channels).permute(2, 0, 1).contiguous()
    scaled = pixels.to(torch.get_default_dtype()).div(255).clone()
    mean, deviation = (torch.as_tensor(values[:channels], dtype=scaled.dtype) for values in (MEAN, DEVIATION))
    if (deviation == 0).any():
        raise ValueError("a deviation of 0")
    return scaled.sub_(mean.view(-1, 1, 1)).div_(deviation.view(-1, 1, 1))


def lean_tensor(image: Image.Image) -> Tensor:
    """The same numbers with as few copies as can be."""
    pixels = torch.from_numpy(np.array(image)).permute(2, 0, 1).contiguous()
    return pixels.float().sub_(255 * MEAN[0]).div_(255 * DEVIATION[0])


WAYS: dict[str, tuple[Uniform, Callable[[Image.Image], Tensor]]] = {
    "usual": (usual_draw, usual_tensor),
    "lean": (random.uniform, lean_tensor),
}


class PerSample(Dataset[tuple[Tensor, int]]):
    """Images (rows, height, width, channels) of bytes: each is changed, made a tensor and normalised."""

    def __init__(
        self, images: NDArray[np.uint8], labels: list[int], change: Callable[..., Image.Image], way: str
    ) -> None:
        self.images = images
        self.labels = labels
        self.change = change
        self.draw, self.as_tensor = WAYS[way]

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, row: int) -> tuple[Tensor, int]:
        changed = self.change(Image.fromarray(self.images[row]), self.draw)
        return self.as_tensor(changed), self.labels[row]
