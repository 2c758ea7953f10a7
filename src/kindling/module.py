"""The one LightningModule: it trains any network on any task."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal, cast

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau

from kindling.augmentation.base import Augmentation
from kindling.data.loader import derive_seed, reseed
from kindling.data.normalize import Normalize, Statistics, feature_shape
from kindling.error import ConfigError
from kindling.optimizer.group import LayerRates, make_optimizer
from kindling.quick import QuickModule
from kindling.regularizer.mixer import Blend, Mixer, mix
from kindling.run.store import read_checkpoint
from kindling.scheduler.base import length
from kindling.task.base import Task
from kindling.task.meter import Meter
from kindling.trainer.fsdp import shared_out

Batch = tuple[Tensor, Tensor]
Penalty = Callable[[nn.Module], Tensor]


class LitModule(QuickModule):
    """Ties a network to a task, an optimizer, a schedule and the penalties on its weights.

    It takes raw values and normalises them itself, so that a checkpoint needs nothing beside it.
    """

    def __init__(
        self,
        net: nn.Module,
        task: Task,
        input_shape: tuple[int, ...],
        optimizer: Callable[..., Optimizer],
        schedule: Mapping[str, Any] | None = None,
        penalties: Mapping[str, Penalty] | None = None,
        augmentation: Augmentation | None = None,
        mixers: Sequence[Mixer] = (),
        rates: LayerRates | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.normalize = Normalize(feature_shape(input_shape))
        # kernels of images, which take half the time so on a CPU
        self.net: nn.Module = net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.task = task
        self.optimizer = optimizer
        self.schedule = dict(schedule or {})
        self.penalties = dict(penalties or {})
        self.augmentation = augmentation
        self.mixers = mixers
        self.rates = rates or LayerRates()
        self.seed = seed
        self.meters = nn.ModuleDict({name: Meter(metrics) for name, metrics in task.metrics.items()})

    def adopt(self, statistics: Statistics) -> None:
        """Take over what was measured on the training split."""
        self.normalize.adopt(statistics.input_shift, statistics.input_scale)
        self.task.adopt(statistics)
        if self.augmentation:
            self.augmentation.adopt(statistics)

    def restore(self, path: Path | None) -> None:
        """Take over the weights that a checkpoint keeps: with an average of weights, that average."""
        if path is None:
            raise ConfigError("trainer: no epoch was trained and validated to its end; raise its limits")
        self.load_state_dict(shared_out(read_checkpoint(path)["state_dict"], self))

    def forward(self, x: Tensor) -> Tensor:
        """Raw inputs to raw outputs (batch, num_outputs)."""
        output: Tensor = self.net(self.normalize(x))
        return output

    def on_train_batch_start(self, batch: Any, batch_idx: int) -> None:
        """Train where the optimizer does: one that averages as it goes has another place to validate.

        What the network draws, as dropout does, depends on the seed and the batch alone, for any restart.
        """
        self._turn("train")
        reseed(self.device, derive_seed(self.seed, self.current_epoch, batch_idx, self.global_rank, 2))

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """The loss with its penalties; what is logged is the loss alone, to compare with validation."""
        inputs, targets = batch
        when = (self.current_epoch, batch_idx, self.global_rank)
        blend = None
        if self.augmentation:
            inputs = self.augmentation(inputs, *when)
        if self.mixers:
            inputs, blend = mix(self.mixers, inputs, self.seed, *when)
        loss, _ = self._score("train", inputs, targets, blend)
        for penalty in self.penalties.values():
            loss = loss + penalty(self.net)
        return loss

    def validation_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """Score one batch, and hand its predictions to the callbacks."""
        return self._score("val", *batch)[1]

    def test_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """Score one batch, and hand its predictions to the callbacks."""
        return self._score("test", *batch)[1]

    def predict_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """Probabilities, or values in the target's own units."""
        return self.task.predict(self(batch[0]).float())

    def on_train_epoch_end(self) -> None:
        """Log, then step a plateau schedule: before the checkpoint, so that a resumed run keeps the step."""
        self._turn("eval")  # where checkpoints are made
        self._log("train")
        scheduler = self.lr_schedulers()
        if isinstance(scheduler, ReduceLROnPlateau):
            metric = self.schedule["monitor"]
            every = self.trainer.check_val_every_n_epoch or 1
            fresh = not metric.startswith("val/") or (self.current_epoch + 1) % every == 0
            if fresh and metric in self.trainer.callback_metrics:
                scheduler.step(self.trainer.callback_metrics[metric])

    def on_validation_start(self) -> None:
        """Validate what a checkpoint would keep."""
        self._turn("eval")

    def on_validation_epoch_end(self) -> None:
        """Log."""
        self._log("val")

    def on_test_epoch_end(self) -> None:
        """Log."""
        self._log("test")

    def configure_optimizers(self) -> Any:
        """The optimizer, and the schedule with the run's length and the groups' rates filled in."""
        optimizer = make_optimizer(self.optimizer, self.net, self.rates)
        if not self.schedule:
            return optimizer
        schedule = dict(self.schedule)  # Lightning's own lr_scheduler dict, plus two names of arguments:
        horizon, rates = schedule.pop("horizon", None), schedule.pop("rates", None)
        make = schedule["scheduler"]
        filled: dict[str, Any] = {}
        if horizon and make.keywords.get(horizon) is None:
            filled[horizon] = length(self.trainer, schedule["interval"])
        if rates:
            filled[rates] = [group["lr"] for group in optimizer.param_groups]
        return {"optimizer": optimizer, "lr_scheduler": {**schedule, "scheduler": make(optimizer, **filled)}}

    def lr_scheduler_step(self, scheduler: LRScheduler | ReduceLROnPlateau, metric: Any | None) -> None:
        """Called by Lightning; a plateau schedule has been stepped already."""
        if not isinstance(scheduler, ReduceLROnPlateau):
            scheduler.step()

    def _turn(self, mode: Literal["train", "eval"]) -> None:
        for optimizer in self.trainer.optimizers:
            getattr(optimizer, mode, lambda: None)()  # schedule_free has both

    def _score(
        self, stage: str, inputs: Tensor, targets: Tensor, blend: Blend | None = None
    ) -> tuple[Tensor, Tensor]:
        output = self(inputs).float()  # whatever precision the network ran in
        loss_of = partial(self.task.loss, output)
        loss = blend(loss_of, targets) if blend else loss_of(targets)
        prediction = self.task.predict(output.detach())
        self._meter(stage).update(loss, prediction, targets)
        return loss, prediction

    def _log(self, stage: str) -> None:
        values = self._meter(stage).compute()
        self.log_dict({f"{stage}/{name}": value for name, value in values.items()}, sync_dist=True)
        self._meter(stage).reset()

    def _meter(self, stage: str) -> Meter:
        return cast(Meter, self.meters[f"on_{stage}"])
