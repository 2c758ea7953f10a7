"""Which classes are taken for which, over the whole validation split."""

from typing import TYPE_CHECKING, Any

import pytorch_lightning as pl
from torch import Tensor
from torchmetrics.classification import MulticlassConfusionMatrix

from kindling.callback.picture import Picture
from kindling.data.spec import DataSpec
from kindling.error import ConfigError

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class ConfusionMatrix(Picture):
    """Counts the rows of each true class by the class predicted, over all processes, and draws them."""

    name = "confusion_matrix"

    def __init__(self) -> None:
        self.counts: Tensor | None = None  # (true classes, predicted classes)

    def setup(self, trainer: pl.Trainer, pl_module: pl.LightningModule, stage: str) -> None:
        """Begin to count; raises ConfigError for numbers to predict."""
        spec: DataSpec = trainer.datamodule.spec  # type: ignore[attr-defined]
        if spec.target != "class":
            has = spec.describe_target()
            raise ConfigError(f"callback=[confusion_matrix] needs classes; the data has {has}; leave it out")
        self.matrix = MulticlassConfusionMatrix(spec.num_targets, validate_args=False)

    def on_validation_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Count anew."""
        self.matrix.to(pl_module.device).reset()

    def on_validation_batch_end(
        self,
        trainer: pl.Trainer,
        pl_module: pl.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
        dataloader_idx: int = 0,
    ) -> None:
        """Count a batch."""
        self.matrix.update(predicted_classes(outputs), batch[1])

    def on_validation_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Add up over all processes."""
        self.counts = self.matrix.compute().cpu()

    def draw(self, spec: DataSpec, title: str) -> "Figure | None":
        """A square a pair of classes."""
        from kindling.callback.chart import draw_confusion

        return None if self.counts is None else draw_confusion(self.counts, class_names(spec), title)


def predicted_classes(predicted: Tensor) -> Tensor:
    """Probabilities (batch, classes), or of class 1 (batch), to the likeliest class (batch)."""
    return predicted.argmax(1) if predicted.ndim == 2 else (predicted > 0.5).long()


def class_names(spec: DataSpec) -> list[str]:
    """The classes by name: their numbers where the set gives none."""
    return list(spec.class_names or map(str, range(spec.num_targets)))
