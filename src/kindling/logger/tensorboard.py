"""TensorBoard's files, in which a run that goes on replaces what it does again."""

from argparse import Namespace
from typing import Any

from lightning_fabric.utilities.logger import _flatten_dict, _sanitize_params
from pytorch_lightning.loggers import TensorBoardLogger as LightningLogger
from pytorch_lightning.utilities import rank_zero_only
from torch.utils.tensorboard.summary import hparams

from kindling.run.curves import Row


class TensorBoardLogger(LightningLogger):
    """Lightning's own, which knows of no run that goes on."""

    def resume(self, rows: list[Row], step: int) -> None:
        """What an earlier process logged from this step on is no longer shown."""
        settings: dict[str, Any] = self._kwargs
        settings["purge_step"] = step

    @rank_zero_only
    def log_hyperparams(
        self,
        params: dict[str, Any] | Namespace,
        metrics: dict[str, Any] | None = None,
        step: int | None = None,
    ) -> None:
        """Settings and results of a run, without a list of which there are.

        The tab HPARAMS would show those of any one run's list for all of them, and not first those
        that differ between them.
        """
        settings = dict(vars(params) if isinstance(params, Namespace) else params)
        self.hparams.update(settings)
        if metrics:
            self.log_metrics(metrics, step)
            _, begins, ends = hparams(_sanitize_params(_flatten_dict(settings)), metrics)
            writer: Any = self.experiment._get_file_writer()
            for one in (begins, ends):
                writer.add_summary(one, step)
