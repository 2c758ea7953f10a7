"""How fast it trains."""

from time import perf_counter
from typing import Any

import pytorch_lightning as pl
import torch


class Throughput(pl.Callback):
    """Logs `train/rows_per_second` of each epoch, of all processes together, without validation's time."""

    def __init__(self) -> None:
        self.epochs: list[float] = []

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Also where a run goes on amid an epoch, whose start does not come again."""
        self.on_train_epoch_start(trainer, pl_module)

    def on_train_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Begin to count."""
        self.rows = 0
        self.seconds = 0.0
        self.since = perf_counter()

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Count the batch."""
        self.rows += len(batch[0]) * trainer.world_size

    def on_validation_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Stop the clock."""
        if trainer.state.fn == "fit" and not trainer.sanity_checking:
            self._stop(pl_module.device)

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Let it go on."""
        self.since = perf_counter()

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Log."""
        self._stop(pl_module.device)
        self.epochs.append(self.rows / self.seconds)
        pl_module.log("train/rows_per_second", self.epochs[-1], sync_dist=True)

    def _stop(self, device: torch.device) -> None:
        if device.type != "cpu":  # it may still be at work
            torch.get_device_module(device).synchronize()
        self.seconds += perf_counter() - self.since
