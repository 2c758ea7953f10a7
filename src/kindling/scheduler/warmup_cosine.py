"""Linear warm-up, then a cosine down to a floor (SGDR's decay without its restarts, arXiv 1608.03983)."""

from torch.optim import Optimizer

from kindling.scheduler.base import Schedule, cosine


class WarmupCosine(Schedule):
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

    def share(self, step: int) -> float:
        """A line up, then a cosine down."""
        if step < self.warmup_steps:
            return (step + 1) / (self.warmup_steps + 1)
        done = (step - self.warmup_steps) / max(1, self.total_steps - self.warmup_steps)
        return self.floor + (1 - self.floor) * cosine(done)
