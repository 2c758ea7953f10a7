"""A cosine down to a rate that then stays (SGDR's decay without its restarts, arXiv 1608.03983)."""

from torch import Tensor
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from kindling.scheduler.base import cosine


class Cosine(LRScheduler):
    """Falls to `eta_min` after `T_max` steps and stays there, where torch's CosineAnnealingLR rises again.

    A layer whose own rate is below `eta_min` keeps its rate.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        T_max: int,  # noqa: N803
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        self.T_max = T_max
        self.eta_min = eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float | Tensor]:
        """The rates of this step, in closed form."""
        fall = cosine(self.last_epoch / self.T_max)
        ends = [(float(rate), min(float(rate), self.eta_min)) for rate in self.base_lrs]
        return [end + (start - end) * fall for start, end in ends]
