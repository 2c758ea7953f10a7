"""The callback that reports to the search of a sweep, and ends a run that lags behind the others."""

import math
from pathlib import Path
from typing import Any

import pytorch_lightning as pl

from kindling.error import PrunedError
from kindling.run.record import Record


class Prune(pl.Callback):
    """Tells the study in a sweep's folder each epoch's monitored value, and asks before the next one.

    Of several processes the first one does, and all end together. A run that goes on tells only what
    the study doesn't know yet; one that has come to its last epoch is never ended.
    """

    def __init__(self, folder: Path, number: int, record: Record) -> None:
        self.folder = folder
        self.number = number
        self.record = record
        self.trial: Any = None  # opened where it is needed: a copy for another process has none

    def on_train_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Report, and end the run if it is behind; raises PrunedError."""
        ends = bool(trainer.is_global_zero and self._report(trainer) and self.trial.lags())
        if trainer.world_size > 1:
            ends = bool(trainer.strategy.broadcast(ends))
        if ends:
            row = self.record.rows[-1]
            value = row.get(self.record.metric, math.nan)
            far = f"after epoch {row['epoch']:g} of {trainer.max_epochs}"
            raise PrunedError(f"pruned {far}: {self.record.metric} {value:.4g} is behind the other trials'")

    def on_train_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Report the last epoch too: others are compared with it."""
        if trainer.is_global_zero:
            self._report(trainer)

    def _report(self, trainer: pl.Trainer) -> bool:
        """Whether there is anything to judge by."""
        if self.trial is None:
            from kindling.sweep.study import Reported  # brings Optuna: only where a search asks for it

            self.trial = Reported(self.folder, self.number, self.record.metric, trainer.max_epochs)
        rows = [row for row in self.record.rows if self.record.metric in row]
        for row in rows:
            self.trial.report(int(row["epoch"]), row[self.record.metric])
        return bool(rows)
