"""TensorBoard's files, in which a run that goes on replaces what it does again."""

from typing import Any

from pytorch_lightning.loggers import TensorBoardLogger as LightningLogger

from kindling.run.curves import Row


class TensorBoardLogger(LightningLogger):
    """Lightning's own, which knows of no run that goes on."""

    def resume(self, rows: list[Row], step: int) -> None:
        """What an earlier process logged from this step on is no longer shown."""
        settings: dict[str, Any] = self._kwargs
        settings["purge_step"] = step
