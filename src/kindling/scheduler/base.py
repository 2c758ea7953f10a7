"""What schedules in closed form share: the rate follows from the step alone, so that resuming works."""

import math
from abc import abstractmethod
from typing import Any

from torch import Tensor
from torch.optim.lr_scheduler import LRScheduler

from kindling.error import ConfigError


class Schedule(LRScheduler):
    """Each parameter group keeps its own rate; a subclass says which share of it a step takes.

    Steps are counted from 0, in units of the YAML's `interval`: with `interval: epoch` they are epochs.
    A subclass sets its attributes before it calls `__init__`, as torch asks for the first rate there.
    """

    @abstractmethod
    def share(self, step: int) -> float:
        """The rate of a step as a share of the optimizer's."""

    def get_lr(self) -> list[float | Tensor]:
        """The rates of this step, one a parameter group."""
        share = self.share(self.last_epoch)
        return [float(rate) * share for rate in self.base_lrs]


def cosine(done: float) -> float:
    """Falls from 1 to 0 along half a cosine while `done` goes from 0 to 1, and stays there."""
    return (1 + math.cos(math.pi * min(done, 1.0))) / 2


def length(trainer: Any, interval: str) -> int:
    """How many steps or epochs a run takes; raises ConfigError where it has no end."""
    steps: float = trainer.estimated_stepping_batches
    if math.isinf(steps):
        raise ConfigError("scheduler: needs a run with an end, got trainer.max_epochs=-1; set a number")
    if interval == "step":
        return max(1, int(steps))
    trainer.fit_loop.setup_data()  # with a number of steps nothing has asked for the data yet
    per_epoch: float = trainer.num_training_batches / trainer.accumulate_grad_batches
    return max(1, math.ceil(steps / math.ceil(per_epoch)))
