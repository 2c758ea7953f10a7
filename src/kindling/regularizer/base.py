"""What regularizers refuse."""

from collections.abc import Sequence

from torch.optim import Optimizer

from kindling.error import ConfigError


def require_own_weights(word: str, optimizers: Sequence[Optimizer]) -> None:
    """Refuse an optimizer that trains in one place and validates in another; raises ConfigError."""
    if any(hasattr(optimizer, "eval") for optimizer in optimizers):
        raise ConfigError(
            f"regularizer=[{word}]: expected an optimizer without an average of its own, "
            "got schedule_free; choose another optimizer"
        )
