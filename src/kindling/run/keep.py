"""The built-in callback that keeps the best weights, and the state that a run can go on from."""

import platform
import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import Checkpoint
from pytorch_lightning.utilities.types import STEP_OUTPUT

from kindling.run.exact import be_exact
from kindling.run.measured import measure_on, measured
from kindling.run.stop import Stop

FORMAT = 1  # of what a checkpoint holds under `kindling`
SHARE = 0.05  # of the time that saving at the end of epochs may take
AGREE_EVERY = 20  # batches, where several processes have to ask one another


class Keep(Checkpoint):
    """Writes best.ckpt on improvement, and last.ckpt each `interval` seconds, as epochs end and on a stop.

    It writes last.ckpt only where Lightning can go on exactly: after a whole step of the optimizer, not
    on the last batch of an epoch and not before a validation; and at the end of epochs. As a
    `Checkpoint` it runs after all other callbacks and after the module.
    """

    def __init__(
        self, folder: Path, monitor: Mapping[str, str], interval: float, facts: dict[str, Any], stop: Stop
    ) -> None:
        self.best_path, self.last = folder / "checkpoints" / "best.ckpt", folder / "checkpoints" / "last.ckpt"
        self.metric = monitor["metric"]
        self.sign = 1 if monitor["mode"] == "min" else -1
        self.interval = interval
        self.facts = {"format": FORMAT, "versions": versions(), **facts}
        self.stop = stop
        self.best_score: float | None = None
        self.metrics: dict[str, float] = {}  # of a run that goes on: as it had them,
        self.opening: dict[str, float] = {}  # and what it logged as the epoch began
        self.due = False
        self.saved, self.cost = time.monotonic(), 0.0  # when, and how long it took

    @property
    def best(self) -> Path | None:
        """The best weights so far."""
        return None if self.best_score is None else self.best_path

    def on_save_checkpoint(self, trainer: Any, pl_module: Any, checkpoint: dict[str, Any]) -> None:
        """Say what the checkpoint is of, and keep what Lightning does not."""
        state = {"best_score": self.best_score, "should_stop": trainer.should_stop}
        counted = {"measured": measured(pl_module), "opening": opening(trainer)}
        metrics = {name: float(value) for name, value in trainer.callback_metrics.items()}
        checkpoint["kindling"] = {**self.facts, **state, **counted, "metrics": metrics}

    def on_load_checkpoint(self, trainer: Any, pl_module: Any, checkpoint: dict[str, Any]) -> None:
        """Go on as it was; a run that stopped early has ended."""
        state = checkpoint["kindling"]
        self.best_score, self.metrics, self.opening = state["best_score"], state["metrics"], state["opening"]
        trainer.should_stop = state["should_stop"]
        # else a run with max_steps would end once more an epoch that has ended
        trainer.fit_loop._iteration_based_training = lambda: False
        measure_on(pl_module, state["measured"][trainer.global_rank])

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Take the signals over from Lightning, and show what was logged before."""
        be_exact(trainer.strategy.root_device)
        self.stop.listen()
        self.stop.waits = True
        self.saved = time.monotonic()
        metrics = {name: torch.tensor(value) for name, value in self.metrics.items()}
        trainer._logger_connector._callback_metrics.update(metrics)
        for name, value in self.opening.items():
            pl_module.log(name, value)

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: Any, outputs: STEP_OUTPUT, batch: Any, batch_idx: int
    ) -> None:
        """Write, if it is time and the run could go on from here."""
        if trainer.world_size == 1 or batch_idx % AGREE_EVERY == 0:
            self._ask(trainer)
        if self.due and is_safe(trainer):
            self._write_last(trainer)

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Write what is better, and the last where that is cheap or nothing follows."""
        score = trainer.callback_metrics.get(self.metric)
        if score is not None and self._improves(float(score)):
            self.best_score = float(score)
            trainer.save_checkpoint(self.best_path)
        self._ask(trainer, cheap=True)
        if self.due or ends(trainer):
            self._write_last(trainer)

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        """From here on a signal stops at once."""
        self.stop.waits = False

    def on_fit_end(self, trainer: Any, pl_module: Any) -> None:
        """Count the last epoch, as Lightning does after its checkpoint where it has trained."""
        epoch = trainer.fit_loop.epoch_progress.current
        epoch.completed = epoch.processed

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        """As well."""
        self.stop.waits = False

    def _improves(self, score: float) -> bool:
        return self.best_score is None or self.sign * score < self.sign * self.best_score

    def _ask(self, trainer: pl.Trainer, cheap: bool = False) -> None:
        """Whether it is time to write; all processes come to the same answer."""
        passed = time.monotonic() - self.saved
        due = self.due or bool(self.stop.asked) or passed >= self.interval
        due = due or (cheap and self.cost <= SHARE * passed)
        several = trainer.world_size > 1
        self.due = trainer.strategy.reduce_boolean_decision(due, all=False) if several else due

    def _write_last(self, trainer: pl.Trainer) -> None:
        began = time.monotonic()
        trainer.save_checkpoint(self.last)
        self.saved, self.due = time.monotonic(), False
        self.cost = self.saved - began
        stop = self.stop.asked is not None
        if trainer.world_size > 1:
            stop = trainer.strategy.reduce_boolean_decision(stop, all=False)
        if stop:
            self.stop.leave()


def versions() -> dict[str, str]:
    """Of what a checkpoint depends on."""
    return {
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "lightning": version("pytorch_lightning"),
    }


def opening(trainer: Any) -> dict[str, float]:
    """What was logged as an epoch began that is not over: Lightning won't call for it again."""
    progress, results = trainer.fit_loop.epoch_progress.current, trainer.fit_loop.epoch_loop._results
    hooks = ("on_train_epoch_start.", "on_train_start.")  # the second where it was logged again
    first = [one for key, one in results.items() if key.startswith(hooks)]
    return {one.meta.name: float(one.value) for one in first} if progress.started > progress.processed else {}


def is_safe(trainer: Any) -> bool:
    """Whether a run that goes on from the end of this batch comes to the same bits."""
    loop, fetcher = trainer.fit_loop.epoch_loop, trainer.fit_loop._data_fetcher
    return not (loop._is_training_done or loop._should_accumulate() or loop._should_check_val_fx(fetcher))


def ends(trainer: pl.Trainer) -> bool:
    """Whether this epoch is the last."""
    steps_done = 0 < trainer.max_steps <= trainer.global_step
    return trainer.should_stop or steps_done or trainer.current_epoch + 1 == trainer.max_epochs
