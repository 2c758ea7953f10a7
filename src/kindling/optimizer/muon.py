"""Muon for matrices and AdamW for all else, at one rate (Jordan 2024; Liu et al., arXiv 2502.16982)."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch.optim import Optimizer


class Muon(Optimizer):
    """Orthogonalises the momentum of 2-D parameters; the others take AdamW's step.

    Muon's step is scaled to the size of AdamW's, so that `lr` and `weight_decay` serve both. The two of
    torch only take the steps: groups and state are kept here, for schedules and checkpoints to find.
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 5e-3,
        momentum: float = 0.95,
        betas: tuple[float, float] = (0.9, 0.999),
        weight_decay: float = 0.01,
    ) -> None:
        none: list[dict[str, Any]] = [{"params": []}]  # torch refuses a plain list without parameters
        self.muon: Optimizer = torch.optim.Muon(
            none, lr, weight_decay, momentum, adjust_lr_fn="match_rms_adamw"
        )
        self.adamw: Optimizer = torch.optim.AdamW(none, lr, betas, weight_decay=weight_decay, fused=True)
        super().__init__(params, {})

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Divide a group by the optimizer that it falls to; none is empty."""
        params = list(param_group["params"])
        matrices = [p for p in params if p.ndim == 2]
        others = [p for p in params if p.ndim != 2]
        for optimizer, chosen in ((self.muon, matrices), (self.adamw, others)):
            if chosen:
                super().add_param_group({**optimizer.defaults, **param_group, "params": chosen})

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Take one step; returns the closure's loss."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for optimizer in (self.muon, self.adamw):
            optimizer.state = self.state  # anew each time: loading a checkpoint replaces them
            optimizer.param_groups = [group for group in self.param_groups if owns(optimizer, group)]
            optimizer.step()
        return loss


def owns(optimizer: Optimizer, group: dict[str, Any]) -> bool:
    """Whether a group has all settings of an optimizer."""
    return optimizer.defaults.keys() <= group.keys()
