"""A power of what is left of the run, as in DeepLab (Chen et al., arXiv 1606.00915, section 4.1)."""

from torch.optim import Optimizer

from kindling.scheduler.base import Schedule


class Polynomial(Schedule):
    """Falls to `floor` times the rate after `total_steps`: in a line with `power` 1, later with less."""

    def __init__(
        self,
        optimizer: Optimizer,
        total_steps: int,
        power: float = 0.9,
        floor: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        self.total_steps = total_steps
        self.power = power
        self.floor = floor
        super().__init__(optimizer, last_epoch)

    def share(self, step: int) -> float:
        """A power of the share of the steps that is left."""
        left = max(0.0, 1 - step / self.total_steps)
        return float(self.floor + (1 - self.floor) * left**self.power)
