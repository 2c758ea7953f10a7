"""Drops at milestones, as in the schedule of residual networks (He et al., arXiv 1512.03385)."""

from collections.abc import Sequence
from typing import Any

from torch.optim import Optimizer

from kindling.error import ConfigError, require_between
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
        require_between("scheduler.scheduler.total_steps", total_steps, 1)
        require_between("scheduler.scheduler.gamma", gamma, 0)
        require_rising(milestones)
        self.total_steps = total_steps
        self.drops = [round(total_steps * milestone) for milestone in milestones]
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def share(self, step: int) -> float:
        """One factor for each milestone that has been reached."""
        return float(self.gamma ** sum(step >= drop for drop in self.drops))


def require_rising(milestones: Any) -> None:
    """Refuse what are no shares of the run in order; raises ConfigError."""
    shares = milestones if isinstance(milestones, list | tuple) else []
    inside = all(isinstance(share, int | float) and 0 < share < 1 for share in shares)
    if not shares or not inside or list(shares) != sorted(set(shares)):
        expected = "expected rising shares of the run, such as [0.5,0.75]"
        raise ConfigError(f"scheduler.scheduler.milestones: {expected}, got {milestones}")
