"""Raw values to the scale that networks train best on, and back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

Method = Literal["standard", "minmax", "none"]


@dataclass(frozen=True)
class Statistics:
    """What the training split alone says about its columns; carried by the checkpoint."""

    input_shift: Tensor
    input_scale: Tensor
    target_shift: Tensor
    target_scale: Tensor
    class_counts: Tensor  # how often training sees each class; empty for numbers to predict


class Normalize(nn.Module):
    """Maps `x` to `(x - shift) / scale`, with one shift and scale per feature or channel."""

    shift: Tensor
    scale: Tensor

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.register_buffer("shift", torch.zeros(shape))
        self.register_buffer("scale", torch.ones(shape))

    def adopt(self, shift: Tensor, scale: Tensor) -> None:
        """Take over what was measured on the training split."""
        self.shift.copy_(shift)
        self.scale.copy_(scale)

    def forward(self, x: Tensor) -> Tensor:
        """Raw values, of any number type, to normalised ones."""
        if x.dtype != torch.uint8:  # bytes turn into numbers while the shift is subtracted
            x = x.to(self.shift.dtype)
        return torch.sub(x, self.shift).div_(self.scale)

    def inverse(self, x: Tensor) -> Tensor:
        """Normalised values back to raw ones."""
        return x * self.scale + self.shift


def feature_shape(input_shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that holds one number per feature, or per channel of an image."""
    return (input_shape[0], 1, 1) if len(input_shape) == 3 else (input_shape[-1],)


def measure(parts: Iterable[Tensor], shape: tuple[int, ...], method: Method) -> tuple[Tensor, Tensor]:
    """Shift and scale of all rows in `parts`, both in `shape`; a constant feature keeps its scale."""
    if method == "none":
        return torch.zeros(shape), torch.ones(shape)
    shift, scale = (standard if method == "standard" else minmax)(parts, len(shape) == 3)
    scale = torch.where(scale > 0, scale, 1.0)
    return shift.float().reshape(shape), scale.float().reshape(shape)


def standard(parts: Iterable[Tensor], images: bool) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation, part joined to part (Chan, Golub and LeVeque, 1979)."""
    count, mean, squares = 0, torch.zeros(()), torch.zeros(())
    for part in parts:
        axes = other_axes(part, images)
        number = part.numel() // part.shape[1 if images else -1]
        whole = part.dtype == torch.uint8  # whole numbers add up exactly, several times as fast
        part_mean = part.sum(axes, dtype=torch.int64).double() / number if whole else part.double().mean(axes)
        if whole:
            part_squares = part.int().square_().sum(axes).double() - number * part_mean.square()
        else:
            part_squares = part.double().var(axes, correction=0) * number
        step = part_mean - mean
        count += number
        mean = mean + step * number / count
        squares = squares + part_squares + step.square() * number * (count - number) / count
    return mean, (squares / count).sqrt()


def minmax(parts: Iterable[Tensor], images: bool) -> tuple[Tensor, Tensor]:
    """The smallest value, and how far it is to the largest."""
    bounds = [(part.amin(axes), part.amax(axes)) for part in parts for axes in [other_axes(part, images)]]
    lowest, highest = (torch.stack(side).double() for side in zip(*bounds, strict=True))
    low: Tensor = lowest.amin(0)
    return low, highest.amax(0) - low


def other_axes(x: Tensor, images: bool) -> list[int]:
    """All axes but that of the features, or of the channels of an image."""
    kept = 1 if images else x.ndim - 1
    return [axis for axis in range(x.ndim) if axis != kept]
