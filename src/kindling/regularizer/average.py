"""What averages of the weights have in common; one is kept, tested and reported in place of the weights."""

from typing import Any

from pytorch_lightning.callbacks import WeightAveraging

from kindling.error import ConfigError
from kindling.regularizer.base import require_own_weights


class Average(WeightAveraging):
    """An average that refuses a second one, and that lies where the weights do; `word` names it.

    Batch norm's running statistics are averaged as the weights are.
    """

    word: str

    def setup(self, trainer: Any, pl_module: Any, stage: str) -> None:
        """Make room; raises ConfigError where another average is kept."""
        words = [callback.word for callback in trainer.callbacks if isinstance(callback, Average)]
        if len(words) > 1:
            raise ConfigError(f"regularizer: expected one average of the weights, got {' and '.join(words)}")
        super().setup(trainer, pl_module, stage)

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Follow the weights to their device: Lightning copies them before they go there."""
        require_own_weights(self.word, trainer.optimizers)
        assert self._average_model is not None
        self._average_model.to(self._device or pl_module.device)
