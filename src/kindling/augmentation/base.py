"""An augmentation changes a batch of raw inputs, anew each epoch and the same in each repetition."""

import torch
from torch import Tensor, nn

from kindling.data.loader import derive_seed
from kindling.data.normalize import Statistics
from kindling.data.spec import DataSpec, describe_shape
from kindling.error import UnsuitableError


class Augmentation(nn.Module):
    """Leaves a batch alone; a subclass overrides `augment`, and `adopt` where it needs to know scales."""

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
        return self.augment(x, generator)


def require_images(spec: DataSpec) -> None:
    """Refuse what has no height and width; raises UnsuitableError."""
    if len(spec.input_shape) != 3:
        raise UnsuitableError(needs="images", has=describe_shape(spec.input_shape))
