"""CutMix: a box of each image comes from another (Yun et al., arXiv 1905.04899)."""

import numpy as np
from torch import Tensor

from kindling.augmentation.base import require_images
from kindling.data.spec import DataSpec
from kindling.regularizer.mixer import Blend, Mixed, Mixer


def window(size: int, side: float, generator: np.random.Generator) -> slice:
    """What a box of `side` times the length covers of `size` pixels, wherever its middle lies."""
    length = int(size * side)
    start = int(generator.integers(size)) - length // 2
    return slice(max(start, 0), max(start + length, 0))


class CutMix(Mixer):
    """Images of any number type; raises UnsuitableError for other data."""

    def __init__(self, spec: DataSpec, alpha: float) -> None:
        require_images(spec)
        super().__init__(spec, alpha)

    def mix(self, x: Tensor, partner: Tensor, share: float, generator: np.random.Generator) -> Mixed:
        """The box, of the image's proportions, is cut off at its edge: the share is the area that stays."""
        side = (1 - share) ** 0.5
        rows, columns = (window(size, side, generator) for size in x.shape[2:])
        mixed = x.clone()
        mixed[..., rows, columns] = x[..., rows, columns][partner]
        taken = mixed[0, 0, rows, columns].numel()
        return mixed, Blend(partner, 1 - taken / x[0, 0].numel())
