"""The built-in callback that keeps a run's history, guards its numbers and reports its results."""

import json
import logging
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import Checkpoint
from pytorch_lightning.loggers import TensorBoardLogger
from pytorch_lightning.utilities import rank_zero_only
from torch import Tensor

from kindling.error import ConfigError, NotFiniteError, suggest
from kindling.run.curves import Row, draw_curves
from kindling.source.whole import written_whole
from kindling.typed import runner

log = logging.getLogger(__name__)
GUARD_EVERY = 50  # steps on a GPU, where to look at a loss is to wait for it


class Record(Checkpoint):
    """Remembers each epoch's metrics; writes metrics.json, curves.png and the HPARAMS at the end.

    As a `Checkpoint` it runs after all other callbacks and after the module, and it stands before
    the last checkpoint, so that numbers that are not finite never reach that one.
    """

    def __init__(
        self, folder: Path, monitor: Mapping[str, str], main_metric: str, hyperparameters: dict[str, Any]
    ) -> None:
        self.folder = folder
        self.metric = monitor["metric"]
        self.sign = 1 if monitor["mode"] == "min" else -1
        self.main_metric = main_metric
        self.hyperparameters = without_targets(hyperparameters)
        self.rows: list[Row] = []
        self.validated: Row = {}  # in the epoch that is not over
        self.validated_at = -1  # step of the last validation, as the loggers count

    def state_dict(self) -> dict[str, Any]:
        """The history, for a run that goes on."""
        return {"rows": self.rows, "validated": self.validated, "validated_at": self.validated_at}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on with it."""
        self.rows, self.validated = state_dict["rows"], state_dict["validated"]
        self.validated_at = state_dict["validated_at"]

    @property
    def best(self) -> Row:
        """The epoch whose weights were kept."""
        return min(self.rows, key=lambda row: self.sign * row.get(self.metric, math.inf * self.sign))

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Tell the loggers the settings; TensorBoard wants them together with the results."""
        for logger in trainer.loggers:
            if not isinstance(logger, TensorBoardLogger):
                logger.log_hyperparams(self.hyperparameters)

    def on_before_backward(self, trainer: pl.Trainer, pl_module: pl.LightningModule, loss: Tensor) -> None:
        """Stop at a loss that is not finite."""
        if loss.device.type == "cpu" or trainer.global_step % GUARD_EVERY == 0:
            self._require_finite("the training loss", loss, trainer)

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Keep the epoch's numbers."""
        row = {name: float(value) for name, value in trainer.callback_metrics.items()}
        stale = [name for name in row if name.startswith("val/") and name not in self.validated]
        row = {name: value for name, value in row.items() if name not in stale}
        for name, value in row.items():
            self._require_finite(name, torch.tensor(value), trainer)
        self.rows.append({"epoch": trainer.current_epoch + 1, **row})
        self.validated = {}
        if trainer.is_global_zero:
            log.info("epoch %d: %s", trainer.current_epoch + 1, _listed(row))

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Miss the monitored metric at once, before early stopping does."""
        found = {name: float(value) for name, value in trainer.callback_metrics.items()}
        if not trainer.sanity_checking:
            self.validated = {name: value for name, value in found.items() if name.startswith("val/")}
            self.validated_at = trainer.fit_loop.epoch_loop._batches_that_stepped
        if self.metric.startswith("val/") and self.metric not in trainer.callback_metrics:
            self._miss(list(trainer.callback_metrics))

    def on_fit_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Draw, and make sure that there is something to test; also where nothing was left to train."""
        self._draw()
        if self.rows and not any(self.metric in row for row in self.rows):
            self._miss(list(self.rows[-1]))

    def on_exception(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, exception: BaseException
    ) -> None:
        """Draw what there is."""
        self._draw()

    @rank_zero_only
    def on_test_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Write and say how it went."""
        tested = {name: float(value) for name, value in trainer.callback_metrics.items()}
        metrics = {**self.best, **tested}
        with written_whole(self.folder / "metrics.json") as file:
            file.write(f"{json.dumps(metrics, indent=2)}\n".encode())
        boards = [logger for logger in trainer.loggers if isinstance(logger, TensorBoardLogger)]
        for board in boards:
            kept = {f"best/{name}": value for name, value in self.best.items() if name.startswith("val/")}
            board.log_hyperparams(self.hyperparameters, {**kept, **tested}, trainer.global_step)
        stopped_early = len(self.rows) < (trainer.max_epochs or 0)
        print("\n".join(self._summary(tested, bool(boards), stopped_early)), flush=True)

    @rank_zero_only
    def _draw(self) -> None:
        if self.rows:
            metrics = ["loss", self.main_metric]
            draw_curves(self.rows, metrics, int(self.best["epoch"]), self.folder / "curves.png")

    def _summary(self, tested: Row, compare: bool, stopped_early: bool) -> list[str]:
        early = ", stopped early" if stopped_early else ""
        validated = {name: value for name, value in self.best.items() if name.startswith("val/")}
        folder = os.path.relpath(self.folder) if self.folder.is_relative_to(Path.cwd()) else self.folder
        board = Path(folder).parts[0] if str(folder).startswith("outputs") else folder
        comparing = f", or compare runs: {runner()}tensorboard --logdir {board}" if compare else ""
        return [
            f"best epoch {self.best['epoch']} of {len(self.rows)}{early}: {_listed(validated)}",
            f"its weights on the test split: {_listed(tested)}",
            f"run folder: {folder}",
            f"next: look at {folder}/curves.png{comparing}",
        ]

    def _miss(self, logged: list[str]) -> NoReturn:
        words = f"monitor.metric: expected one of {', '.join(logged)}; got {self.metric}"
        raise ConfigError(words + suggest(self.metric, logged))

    def _require_finite(self, what: str, value: Tensor, trainer: pl.Trainer) -> None:
        if torch.isfinite(value):
            return
        last = self.folder / "checkpoints" / "last.ckpt"
        kept = f"; the last good weights: {last}" if last.exists() else ""
        raise NotFiniteError(
            f"epoch {trainer.current_epoch + 1}, step {trainer.global_step + 1}: {what} is {value.item()}, "
            f"expected a finite number; lower optimizer.lr or add regularizer=[grad_clip]{kept}"
        )


def without_targets(settings: dict[str, Any]) -> dict[str, Any]:
    """Leave out where the classes come from: nobody compares runs by that."""
    return {
        key: without_targets(value) if isinstance(value, dict) else value
        for key, value in settings.items()
        if not key.startswith("_")
    }


def _listed(values: Row) -> str:
    return ", ".join(f"{name} {value:.4g}" for name, value in values.items())
