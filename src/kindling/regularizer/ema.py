"""A moving average of the weights (Polyak and Juditsky, 1992)."""

from typing import Any

from pytorch_lightning.callbacks import EMAWeightAveraging

from kindling.regularizer.average import Average


class EMA(Average, EMAWeightAveraging):
    """After each step `decay` of the average stays, and the rest comes from the weights."""

    word = "ema"

    def __init__(self, decay: float, **settings: Any) -> None:
        super().__init__(decay=decay, **settings)
