"""Rotates, shifts, zooms and flips images, all in one interpolation."""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from kindling.augmentation.base import FILLS, Augmentation, Fill, draw, require_images
from kindling.data.spec import DataSpec, describe_shape
from kindling.error import UnsuitableError


class Affine(Augmentation):
    """Moves each image by an angle, a shift and a zoom of its own, each up to its setting either way."""

    def __init__(
        self,
        spec: DataSpec,
        rotation: float = 20.0,
        shift: float = 0.1,
        zoom: float = 0.1,
        flip: float = 0.0,
        fill: Fill = "nearest",
        seed: int = 0,
    ) -> None:
        super().__init__(spec, seed)
        require_images(spec)
        if min(spec.input_shape[1:]) < 2:
            has = describe_shape(spec.input_shape)
            raise UnsuitableError(needs="images of two rows and columns or more", has=has)
        self.rotation = math.radians(rotation)
        self.shift = shift
        self.zoom = math.log1p(zoom)
        self.flip = flip
        self.fill = fill

    def augment(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """The moved images, as float32."""
        theta = matrices(
            draw(x, -self.rotation, self.rotation, generator),
            torch.stack([draw(x, -self.shift, self.shift, generator) for _ in range(2)], dim=1),
            draw(x, -self.zoom, self.zoom, generator).exp(),
            draw(x, 0, 1, generator) < self.flip,
            *x.shape[2:],
        )
        return warp(x, theta, self.fill)


def matrices(angle: Tensor, shift: Tensor, zoom: Tensor, flip: Tensor, height: int, width: int) -> Tensor:
    """Where each pixel of the result is found in its image, as affine_grid takes it: (batch, 2, 3).

    An image is flipped, enlarged by `zoom`, turned by `angle` in radians against the clock, and then
    shifted by shares of its width and its height (batch, 2). Angles are those of the pixels, which
    torch's own axes, from -1 to 1 whatever the sides are, would skew.
    """
    sides = angle.new_tensor([width, height])
    half = (sides - 1) / 2  # what torch calls 1, in pixels
    cos, sin = angle.cos() / zoom, angle.sin() / zoom
    mirror = 1 - 2 * flip.to(angle.dtype)
    rows = [torch.stack([cos * mirror, -sin * mirror], 1), torch.stack([sin, cos], 1)]
    turn = torch.stack(rows, 1)  # (batch, 2, 2), from the result back to the image
    origin = -turn @ (shift * sides)[:, :, None]  # (batch, 2, 1)
    return torch.cat([turn * half, origin], 2) / half[:, None]


def warp(x: Tensor, theta: Tensor, fill: Fill) -> Tensor:
    """The images seen through the matrices, between pixels by bilinear interpolation; float32."""
    height, width = x.shape[2:]
    across, down = (
        torch.linspace(-1, 1, side, device=x.device, dtype=theta.dtype) for side in (width, height)
    )
    # by broadcasting: affine_grid makes a product an image, which takes several times as long
    columns = theta[:, :, 1:2] * down + theta[:, :, 2:]  # (batch, 2, height)
    grid = theta[:, :, :1, None] * across + columns[..., None]  # (batch, 2, height, width)
    # with aligned corners a mirror shows the last pixel once, as padding with `reflect` does everywhere
    places = grid.permute(0, 2, 3, 1)
    return F.grid_sample(x.float(), places, padding_mode=FILLS[fill], align_corners=True)
