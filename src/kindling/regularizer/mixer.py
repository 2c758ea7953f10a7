"""A mixer blends the rows of a batch with one another; the loss blends with them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from kindling.data.loader import derive_seed
from kindling.data.spec import DataSpec
from kindling.error import ConfigError

Mixed = tuple[Tensor, "Blend"]


@dataclass(frozen=True)
class Blend:
    """Each row keeps `share` of its target and takes the rest from the row at `partner` (batch)."""

    partner: Tensor
    share: float

    def __call__(self, loss: Callable[[Tensor], Tensor], targets: Tensor) -> Tensor:
        """The loss of blended targets: of cross-entropy that of soft labels which sum to one.

        Of squared error it is that of blended numbers, and more by what no output changes.
        """
        return self.share * loss(targets) + (1 - self.share) * loss(targets[self.partner])


class Mixer:
    """Draws the share from Beta(`alpha`, `alpha`), at least a half; a subclass says how inputs blend."""

    def __init__(self, spec: DataSpec, alpha: float) -> None:
        self.alpha = alpha

    def __call__(self, x: Tensor, generator: np.random.Generator) -> Mixed:
        """Blended raw inputs (batch, *input_shape), and how to blend the loss."""
        if len(x) < 2:
            raise ConfigError("mixers: expected two rows or more a batch, got one; raise data.batch_size")
        share = float(generator.beta(self.alpha, self.alpha))
        partner = torch.from_numpy(generator.permutation(len(x))).to(x.device)
        # the first label stays the stronger one, so that a metric of it means something
        return self.mix(x, partner, max(share, 1 - share), generator)

    def mix(self, x: Tensor, partner: Tensor, share: float, generator: np.random.Generator) -> Mixed:
        """Keep `share` of each row and take the rest from its partner."""
        raise TypeError(f"{type(self).__name__} must define mix()")


def mix(mixers: Sequence[Mixer], x: Tensor, *when: int) -> Mixed:
    """One of the mixers, anew for each batch and the same whenever `when` is."""
    generator = np.random.default_rng(derive_seed(*when, 1))  # other numbers than the augmentation draws
    return mixers[int(generator.integers(len(mixers)))](x, generator)
