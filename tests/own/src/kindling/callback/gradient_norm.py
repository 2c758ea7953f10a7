"""How steep the loss is."""

import pytorch_lightning as pl
from torch.nn.utils import get_total_norm
from torch.optim import Optimizer

METRIC = "train/gradient_norm"


class GradientNorm(pl.Callback):
    """Logs `train/gradient_norm`, the mean over the steps of an epoch."""

    def on_before_optimizer_step(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, optimizer: Optimizer
    ) -> None:
        """Measure; Lightning clips after this hook."""
        parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
        norm = get_total_norm([one.grad for one in parameters if one.grad is not None])
        # a step counts once, however many rows its batch has
        pl_module.log(METRIC, norm, on_step=False, on_epoch=True, batch_size=1, sync_dist=True)
