"""Gradient noise that fades (Neelakantan et al., arXiv 1511.06807)."""

from typing import Any

import pytorch_lightning as pl
import torch
from torch.optim import LBFGS, Optimizer

from kindling.data.loader import derive_seed
from kindling.error import ConfigError

DECAY = 0.55  # the paper's gamma


class GradientNoise(pl.Callback):
    """Adds Gaussian noise of variance `eta` / (1 + step)^0.55 to the gradient, before it is clipped.

    It depends on the seed and the step alone: a restart and each of several processes draw the same.
    """

    def __init__(self, eta: float, seed: int = 0) -> None:
        self.eta = eta
        self.seed = seed

    def on_train_start(self, trainer: pl.Trainer, pl_module: Any) -> None:
        """Refuse a line search, which would take the noise for the slope; raises ConfigError."""
        if any(isinstance(optimizer, LBFGS) for optimizer in trainer.optimizers):
            raise ConfigError("regularizer=[gradient_noise]: expected another optimizer than lbfgs")

    def on_before_optimizer_step(self, trainer: pl.Trainer, pl_module: Any, optimizer: Optimizer) -> None:
        """Add it."""
        step = trainer.global_step
        spread = (self.eta / (1 + step) ** DECAY) ** 0.5
        generator = torch.Generator(pl_module.device).manual_seed(derive_seed(self.seed, step))
        for parameter in pl_module.net.parameters():
            if parameter.grad is not None:
                noise = torch.empty_like(parameter.grad).normal_(generator=generator)
                parameter.grad.add_(noise, alpha=spread)
