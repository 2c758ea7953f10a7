"""Progress: one bar for the whole run on a terminal, plain lines in a pipe, a batch job or a notebook."""

import sys
import time
from typing import Any

import pytorch_lightning as pl
from tqdm import tqdm

REDRAW_EVERY = 20  # steps
LINE_EVERY = 1.0  # seconds, so that short epochs don't flood a log


class Progress(pl.Callback):
    """Shows the epoch, the steps and the metrics of the last epoch."""

    def __init__(self) -> None:
        self.bar: tqdm[Any] | None = None
        self.said = -LINE_EVERY
        self.skipped = False
        self.first = 0  # epoch of this process

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Draw a bar, if there is a terminal to draw on; of a run that goes on with what is done."""
        self.first = trainer.current_epoch
        if trainer.is_global_zero and sys.stderr.isatty():
            steps = trainer.estimated_stepping_batches * trainer.accumulate_grad_batches
            self.bar = tqdm(
                initial=trainer.fit_loop.epoch_loop.total_batch_idx + 1,
                total=None if steps == float("inf") else int(steps),
                unit="step",
                dynamic_ncols=True,
                leave=False,
            )

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Move the bar every few steps."""
        done = batch_idx + 1
        if self.bar is not None and (done % REDRAW_EVERY == 0 or done == trainer.num_training_batches):
            self.bar.update((done - 1) % REDRAW_EVERY + 1)

    def on_train_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Tell the last epoch's metrics: only now are they all there."""
        if trainer.current_epoch > self.first:
            self._tell(trainer, trainer.current_epoch)
        if self.bar is not None:
            self.bar.set_description(f"epoch {trainer.current_epoch + 1}/{trainer.max_epochs}")

    def on_train_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Take the bar away and tell the last epoch."""
        self._close()
        self.said = -LINE_EVERY
        self._tell(trainer, trainer.current_epoch)
        if self.skipped:
            print("one line a second; log.txt has every epoch", flush=True)

    def on_exception(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, exception: BaseException
    ) -> None:
        """Leave the terminal clean for the message."""
        self._close()

    def _tell(self, trainer: pl.Trainer, epoch: int) -> None:
        metrics = {name: f"{value:.4g}" for name, value in sorted(trainer.callback_metrics.items())}
        if self.bar is not None:
            self.bar.set_postfix({name: metrics[name] for name in metrics if name.startswith("val/")})
        elif trainer.is_global_zero and time.monotonic() - self.said < LINE_EVERY:
            self.skipped = True
        elif trainer.is_global_zero:
            self.said = time.monotonic()
            listed = "  ".join(f"{name} {value}" for name, value in metrics.items())
            print(f"epoch {epoch}/{trainer.max_epochs}  {listed}", flush=True)

    def _close(self) -> None:
        if self.bar is not None:
            self.bar.close()
            self.bar = None
