"""Linear warm-up, then a cosine down to a floor (SGDR's decay without its restarts, arXiv 1608.03983)."""

import math

from torch import Tensor
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler


class WarmupCosine(LRScheduler):
    """Rises over the first `warmup_fraction` of `total_steps`, then falls to `floor` times the rate."""

    def __init__(
        self,
        optimizer: Optimizer,
        total_steps: int,
        warmup_fraction: float = 0.1,
        floor: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        self.total_steps = total_steps
        self.warmup_steps = round(total_steps * warmup_fraction)
        self.floor = floor
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float | Tensor]:
        """The rates of this step, in closed form."""
        step = self.last_epoch
        if step < self.warmup_steps:
            share = (step + 1) / (self.warmup_steps + 1)
        else:
            done = (step - self.warmup_steps) / max(1, self.total_steps - self.warmup_steps)
            share = self.floor + (1 - self.floor) * (1 + math.cos(math.pi * min(done, 1.0))) / 2
        return [float(rate) * share for rate in self.base_lrs]
