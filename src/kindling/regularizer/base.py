"""What regularizers refuse."""

import math
from collections.abc import Sequence
from typing import Any

from torch.optim import Optimizer

from kindling.error import ConfigError


def require_positive(name: str, value: Any, or_zero: bool = False) -> None:
    """Refuse a setting that is no number above 0, or 0 where that means none; raises ConfigError."""
    number = isinstance(value, int | float) and math.isfinite(value)
    if not number or value < 0 or (value == 0 and not or_zero):
        raise ConfigError(f"{name}: expected {'0 or more' if or_zero else 'above 0'}, got {value}")


def require_own_weights(word: str, optimizers: Sequence[Optimizer]) -> None:
    """Refuse an optimizer that trains in one place and validates in another; raises ConfigError."""
    if any(hasattr(optimizer, "eval") for optimizer in optimizers):
        raise ConfigError(
            f"regularizer=[{word}]: expected an optimizer without an average of its own, "
            "got schedule_free; choose another optimizer"
        )
