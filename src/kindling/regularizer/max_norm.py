"""Max-norm: no unit's incoming weights grow past a bound (Srivastava et al., JMLR 15, 2014, section 5.1)."""

from typing import Any

import pytorch_lightning as pl
import torch
from torch import nn

from kindling.optimizer.group import kernels
from kindling.regularizer.base import require_own_weights


@torch.no_grad()
def hold(net: nn.Module, bound: float) -> None:
    """Shorten each row or filter of a kernel whose norm is above `bound`."""
    for kernel in kernels(net):
        kernel.renorm_(p=2, dim=0, maxnorm=bound)


class MaxNorm(pl.Callback):
    """Holds the kernels after each optimizer step, before an average or a checkpoint sees them."""

    def __init__(self, bound: float) -> None:
        self.bound = bound

    def on_train_start(self, trainer: pl.Trainer, pl_module: Any) -> None:
        """Hook into the optimizer; raises ConfigError where it keeps more weights than those."""
        require_own_weights("max_norm", trainer.optimizers)
        for optimizer in trainer.optimizers:
            optimizer.register_step_post_hook(lambda *_: hold(pl_module.net, self.bound))
