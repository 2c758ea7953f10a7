"""Cutout: hides a square of each image, so that no single part is relied on (arXiv 1708.04552)."""

import torch
from torch import Tensor

from kindling.augmentation.base import Augmentation, draw, require_images
from kindling.data.normalize import Statistics, feature_shape
from kindling.data.spec import DataSpec


class Cutout(Augmentation):
    """Fills a square with what the network sees as 0; its centre may be any pixel, so that it may be cut.

    That is the training split's mean of each channel with `data.normalization=standard`, its
    smallest value with `minmax`, and 0 with `none`.
    """

    fill: Tensor

    def __init__(self, spec: DataSpec, size: float = 0.25, probability: float = 1.0, seed: int = 0) -> None:
        super().__init__(spec, seed)
        require_images(spec)
        self.side = max(round(size * min(spec.input_shape[1:])), int(size > 0))  # in pixels
        self.probability = probability
        self.register_buffer("fill", torch.zeros(feature_shape(spec.input_shape)), persistent=False)

    def adopt(self, statistics: Statistics) -> None:
        """Take over what normalisation subtracts."""
        self.fill.copy_(statistics.input_shift)

    def augment(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """The images with their holes, in the number type of `x`; whole numbers get the nearest one."""
        rows, columns = (self._covered(x, side, generator) for side in x.shape[2:])
        chosen = draw(x, 0, 1, generator) < self.probability
        hole = chosen[:, None, None] & rows[:, :, None] & columns[:, None, :]  # (batch, height, width)
        fill = self.fill if x.is_floating_point() else self.fill.round()
        return torch.where(hole[:, None], fill.to(x.dtype), x)

    def _covered(self, x: Tensor, side: int, generator: torch.Generator) -> Tensor:
        """Which places along one side the square of each image covers: (batch, side)."""
        centre = torch.randint(side, (len(x), 1), generator=generator, device=x.device)
        distance = torch.arange(side, device=x.device) - (centre - self.side // 2)
        return (distance >= 0) & (distance < self.side)
