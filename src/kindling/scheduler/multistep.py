"""Drops at milestones, as in the schedule of residual networks (He et al., arXiv 1512.03385)."""

from collections.abc import Sequence

from torch.optim import Optimizer

from kindling.error import ConfigError
from kindling.scheduler.base import Schedule


class MultiStep(Schedule):
    """Multiplies the rate by `gamma` at each of the milestones, which are shares of `total_steps`."""

    def __init__(
        self,
        optimizer: Optimizer,
        total_steps: int,
        milestones: Sequence[float] = (0.5, 0.75),
        gamma: float = 0.1,
        last_epoch: int = -1,
    ) -> None:
        require_rising(milestones)
        self.total_steps = total_steps
        self.drops = [round(total_steps * milestone) for milestone in milestones]
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def share(self, step: int) -> float:
        """One factor for each milestone that has been reached."""
        return float(self.gamma ** sum(step >= drop for drop in self.drops))


def require_rising(milestones: Sequence[float]) -> None:
    """Refuse shares of the run that are not in order; raises ConfigError."""
    if not milestones or list(milestones) != sorted(set(milestones)):
        expected = "expected rising shares of the run, such as [0.5,0.75]"
        raise ConfigError(f"scheduler.scheduler.milestones: {expected}, got {milestones}")
