"""Raw values to the scale that networks train best on, and back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import torch
from torch import Tensor, nn

Method = Literal["standard", "minmax", "none"]
METHODS = get_args(Method)


@dataclass(frozen=True)
class Statistics:
    """What the training split alone says about its columns; carried by the checkpoint."""

    input_shift: Tensor
    input_scale: Tensor
    target_shift: Tensor
    target_scale: Tensor


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
        return (x.to(self.shift.dtype) - self.shift) / self.scale

    def inverse(self, x: Tensor) -> Tensor:
        """Normalised values back to raw ones."""
        return x * self.scale + self.shift


def feature_shape(input_shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that holds one number per feature, or per channel of an image."""
    return (input_shape[0], 1, 1) if len(input_shape) == 3 else (input_shape[-1],)


def measure(x: Tensor, shape: tuple[int, ...], method: Method) -> tuple[Tensor, Tensor]:
    """Shift and scale of the rows in `x`, both in `shape`; a constant feature keeps its scale."""
    if method == "none":
        return torch.zeros(shape), torch.ones(shape)
    kept = 1 if len(shape) == 3 else x.ndim - 1  # the axis of features or channels
    axes = [axis for axis in range(x.ndim) if axis != kept]

    def total(term: Callable[[Tensor], Tensor]) -> Tensor:  # in parts: a copy of all rows may not fit
        return torch.stack([term(part.double()).sum(axes) for part in x.split(8192)]).sum(0)

    if method == "standard":
        count = x.numel() // x.shape[kept]
        shift = total(lambda part: part) / count
        centre = shift.reshape([-1 if axis == kept else 1 for axis in range(x.ndim)])
        scale = (total(lambda part: (part - centre).square()) / count).sqrt()
    else:
        shift = x.amin(axes).double()
        scale = x.amax(axes).double() - shift
    scale = torch.where(scale > 0, scale, 1.0)
    return shift.float().reshape(shape), scale.float().reshape(shape)
