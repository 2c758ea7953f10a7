"""A moving average of the weights (Polyak and Juditsky, 1992)."""

from typing import Any

from pytorch_lightning.callbacks import EMAWeightAveraging

from kindling.error import ConfigError
from kindling.regularizer.average import Average


class EMA(Average, EMAWeightAveraging):
    """After each step `decay` of the average stays, and the rest comes from the weights."""

    word = "ema"

    def __init__(self, decay: float, **settings: Any) -> None:
        if not isinstance(decay, int | float) or not 0 <= decay < 1:
            raise ConfigError(f"callback.ema.decay: expected 0 to below 1, got {decay}")
        super().__init__(decay=decay, **settings)
