"""Adds Gaussian noise, which for small strengths acts like a penalty on steep functions (Bishop, 1995)."""

import torch
from torch import Tensor

from kindling.augmentation.base import Augmentation
from kindling.data.normalize import Statistics, feature_shape
from kindling.data.spec import DataSpec


class Noise(Augmentation):
    """Gives each value of tables, sequences or images noise of `strength` times its column's scale.

    The scale is what normalisation divides by: the training split's standard deviation of each
    feature or channel with `data.normalization=standard`, its range with `minmax`, 1 with `none`.
    """

    scale: Tensor

    def __init__(self, spec: DataSpec, strength: float = 0.1, seed: int = 0) -> None:
        super().__init__(spec, seed)
        self.strength = strength
        self.register_buffer("scale", torch.ones(feature_shape(spec.input_shape)), persistent=False)

    def adopt(self, statistics: Statistics) -> None:
        """Take over what normalisation divides by."""
        self.scale.copy_(statistics.input_scale)

    def augment(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """The noisy inputs, as float32."""
        noise = torch.randn(x.shape, generator=generator, device=x.device, dtype=torch.float32)
        return x.float() + self.strength * self.scale.float() * noise
