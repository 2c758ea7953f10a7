"""An augmentation changes a batch of raw inputs, anew each epoch and the same in each repetition."""

from typing import Literal

import torch
from torch import Tensor, nn

from kindling.data.loader import derive_seed
from kindling.data.normalize import Statistics
from kindling.data.spec import DataSpec, describe_shape
from kindling.error import UnsuitableError

# what lies beyond an image's edge (its last pixel, black, a mirror), and torch's words for it
Fill = Literal["nearest", "zeros", "reflect"]
FILLS: dict[Fill, str] = {"nearest": "border", "zeros": "zeros", "reflect": "reflection"}


class Augmentation(nn.Module):
    """Leaves a batch alone; a subclass overrides `augment`, and `adopt` where it needs to know scales.

    What a subclass keeps of the statistics is a buffer that is not persistent: it follows the
    device, and a checkpoint fits a run with any other augmentation.
    """

    def __init__(self, spec: DataSpec, seed: int = 0) -> None:
        super().__init__()
        self.spec = spec
        self.seed = seed

    def adopt(self, statistics: Statistics) -> None:
        """Take over what the augmentation needs from the training split."""

    def augment(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """Raw inputs (batch, *input_shape) of any number type to changed ones, still raw."""
        raise TypeError(f"{type(self).__name__} must define augment()")

    def forward(self, x: Tensor, *when: int) -> Tensor:
        """The same change whenever `when`, as epoch, batch and rank, is the same."""
        if type(self) is Augmentation:
            return x
        generator = torch.Generator(x.device).manual_seed(derive_seed(self.seed, *when))
        with torch.autocast(x.device.type, enabled=False):  # bfloat16 would shift pixels
            return self.augment(x, generator)


def draw(x: Tensor, low: float, high: float, generator: torch.Generator) -> Tensor:
    """A number for each sample of `x`, from `low` to just below `high`: (batch)."""
    # the type is told, as Lightning makes half precision torch's default in some runs
    evenly = torch.rand(len(x), generator=generator, device=x.device, dtype=torch.float32)
    return low + (high - low) * evenly


def require_images(spec: DataSpec) -> None:
    """Refuse what has no height and width; raises UnsuitableError."""
    if len(spec.input_shape) != 3:
        raise UnsuitableError(needs="images", has=describe_shape(spec.input_shape))
