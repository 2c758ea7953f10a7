"""The learning rate as one metric among the others, whatever the optimizer is called."""

import pytorch_lightning as pl


class LearningRateMonitor(pl.Callback):
    """Logs `learning_rate`, that of the first parameter group, as each epoch begins."""

    def on_train_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Log."""
        pl_module.log("learning_rate", trainer.optimizers[0].param_groups[0]["lr"], sync_dist=True)
