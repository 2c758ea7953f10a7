"""The mean of the weights over the end of a run (Izmailov et al., arXiv 1803.05407)."""

import math
from typing import Any

from kindling.error import ConfigError
from kindling.regularizer.average import Average


class WeightAveraging(Average):
    """The mean of the weights after each step from `start` on, a share of the run's steps.

    Until then it is the weights as they are. Batch norm's running statistics are averaged over the
    same steps, where the paper measures them anew.
    """

    word = "weight_averaging"

    def __init__(self, start: float) -> None:
        super().__init__()
        self.start = start
        self.first = 0  # the step, counted from 0, with which the mean begins

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Find the first step; raises ConfigError where the run has no end."""
        super().on_train_start(trainer, pl_module)
        steps = trainer.estimated_stepping_batches
        if math.isinf(steps):
            raise ConfigError(
                "regularizer=[weight_averaging]: needs a run with an end; set trainer.max_epochs"
            )
        self.first = int(self.start * steps)

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        """Say where nothing was averaged, as the run stopped before."""
        super().on_train_end(trainer, pl_module)
        if trainer.is_global_zero and trainer.global_step <= self.first + 1:
            when = f"stopped after {trainer.global_step} steps, before {self.first + 2}"
            print(f"weight_averaging: nothing was averaged: {when}; leave out early_stopping or lower start")

    def on_train_batch_end(self, trainer: Any, *rest: Any) -> None:
        """Let the mean begin anew with each step up to the first."""
        assert self._average_model is not None
        if self._latest_update_step < trainer.global_step <= self.first + 1:
            self._average_model.n_averaged.zero_()
        super().on_train_batch_end(trainer, *rest)
