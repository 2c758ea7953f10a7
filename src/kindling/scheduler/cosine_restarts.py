"""A cosine that starts again (SGDR, Loshchilov and Hutter, arXiv 1608.03983), in cycles of equal length."""

from torch.optim import Optimizer

from kindling.scheduler.base import Schedule, cosine


class CosineRestarts(Schedule):
    """Falls to `floor` times the rate in each of `cycles` equal parts of `total_steps`, then stays there."""

    def __init__(
        self,
        optimizer: Optimizer,
        total_steps: int,
        cycles: int = 4,
        floor: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        self.total_steps = total_steps
        self.cycles = cycles
        self.floor = floor
        super().__init__(optimizer, last_epoch)

    def share(self, step: int) -> float:
        """How far the cosine of this cycle has fallen."""
        within = step * self.cycles % self.total_steps / self.total_steps
        done = within if step < self.total_steps else 1.0
        return self.floor + (1 - self.floor) * cosine(done)
