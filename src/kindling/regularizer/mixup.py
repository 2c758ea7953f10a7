"""Mixup: rows overlaid with one another (Zhang et al., arXiv 1710.09412)."""

import numpy as np
from torch import Tensor

from kindling.regularizer.mixer import Blend, Mixed, Mixer


class Mixup(Mixer):
    """Any inputs: each row becomes a weighted mean of itself and another."""

    def mix(self, x: Tensor, partner: Tensor, share: float, generator: np.random.Generator) -> Mixed:
        """Raw inputs may be blended, since normalising is linear."""
        x = x if x.is_floating_point() else x.float()
        return x.lerp(x[partner], 1 - share), Blend(partner, share)
