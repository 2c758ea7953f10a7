"""Crops images at random after padding them, and flips some: the usual recipe for small photographs."""

import torch
from torch import Tensor
from torch.nn import functional as F

from kindling.augmentation.base import Augmentation, Fill, draw, require_images
from kindling.data.spec import DataSpec


class CropFlip(Augmentation):
    """Moves each image by whole pixels, up to `shift` of its shorter side, and flips some of them.

    Pixels are picked by their numbers, so that they keep their values and their number type.
    """

    def __init__(
        self, spec: DataSpec, shift: float = 0.125, flip: float = 0.5, fill: Fill = "reflect", seed: int = 0
    ) -> None:
        super().__init__(spec, seed)
        require_images(spec)
        self.padding = round(shift * min(spec.input_shape[1:]))  # pixels: 4 for images of 32×32
        self.flip = flip
        self.fill = fill

    def augment(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """The cropped images, in the number type of `x`."""
        height, width = x.shape[2:]
        rows, columns = (self._window(x, side, generator) for side in (height, width))
        flipped = draw(x, 0, 1, generator) < self.flip
        columns = torch.where(flipped[:, None], columns.flip(1), columns)
        if self.fill == "zeros":
            source = F.pad(x, [self.padding] * 4)
            rows, columns = rows + self.padding, columns + self.padding
        else:
            source = x
            rows, columns = within(rows, height, self.fill), within(columns, width, self.fill)
        pixels = rows[:, :, None] * source.shape[3] + columns[:, None, :]  # (batch, height, width)
        numbers = pixels.flatten(1)[:, None].expand(-1, x.shape[1], -1)  # (batch, channels, pixels)
        return source.flatten(2).gather(2, numbers).view_as(x)

    def _window(self, x: Tensor, side: int, generator: torch.Generator) -> Tensor:
        """The places along one side that each crop shows, which may lie beyond the image: (batch, side)."""
        size = (len(x), 1)
        start = torch.randint(2 * self.padding + 1, size, generator=generator, device=x.device)
        return start - self.padding + torch.arange(side, device=x.device)


def within(places: Tensor, side: int, fill: Fill) -> Tensor:
    """The pixel that is shown for each place along a side; less than a side beyond it at most."""
    if fill == "reflect":
        return side - 1 - (side - 1 - places.abs()).abs()
    return places.clamp(0, side - 1)
