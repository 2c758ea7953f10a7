"""What the callbacks share that draw: when a picture is due, and where it goes."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytorch_lightning as pl
from pytorch_lightning.loggers import TensorBoardLogger

from kindling.data.spec import DataSpec

if TYPE_CHECKING:  # matplotlib takes 0.3 s: only when a picture is due
    from matplotlib.figure import Figure


class Picture(pl.Callback):
    """Draws after each validation for TensorBoard, and at the end into a PNG file of the run's folder.

    A subclass collects what it needs and returns a figure from `draw`; only the first process draws.
    """

    name: str  # of the file, and in TensorBoard

    def draw(self, spec: DataSpec, title: str) -> "Figure | None":
        """The figure of the last validation; None before the first."""
        raise TypeError(f"{type(self).__name__} must define draw()")

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Show it in TensorBoard, where that was chosen."""
        boards: list[Any] = [one for one in trainer.loggers if isinstance(one, TensorBoardLogger)]
        self.title = f"epoch {trainer.current_epoch + 1}"
        figure = self._drawn(trainer) if boards and not trainer.sanity_checking else None
        if figure is not None:
            from kindling.callback.chart import pixels

            for board in boards:
                board.experiment.add_image(self.name, pixels(figure), trainer.global_step, dataformats="HWC")

    def on_train_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Write the file."""
        figure = self._drawn(trainer)
        if figure is not None:
            from kindling.callback.chart import save

            save(figure, Path(trainer.default_root_dir) / f"{self.name}.png")

    def on_exception(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, exception: BaseException
    ) -> None:
        """Write what there is."""
        self.on_train_end(trainer, pl_module)

    def _drawn(self, trainer: pl.Trainer) -> "Figure | None":
        data: Any = trainer.datamodule  # type: ignore[attr-defined]  # Lightning sets it
        return self.draw(data.spec, self.title) if trainer.is_global_zero and hasattr(self, "title") else None
