"""A few validation samples, each with what was predicted and what is true."""

from typing import TYPE_CHECKING, Any

import pytorch_lightning as pl
import torch
from torch import Tensor

from kindling.callback.confusion_matrix import class_names, predicted_classes
from kindling.callback.picture import Picture
from kindling.data.spec import DataSpec

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KEY = "predicted classes of validation rows, the wrong ones in red"
SAMPLES = {"class": 16, "real": 500}  # to look at one by one, or as points


class SamplePredictions(Picture):
    """Draws samples of the validation split at even distances, those of the first process alone."""

    name = "sample_predictions"

    def __init__(self) -> None:
        self.kept: list[tuple[Tensor, Tensor, Tensor]] = []  # inputs, targets and predictions of each batch
        self.picked: list[int] = []

    def on_validation_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Choose the batches to take samples from."""
        self.most = SAMPLES[trainer.datamodule.spec.target]  # type: ignore[attr-defined]
        self.picked = spread(int(trainer.num_val_batches[0]), self.most)
        self.kept.clear()

    def on_validation_batch_end(
        self,
        trainer: pl.Trainer,
        pl_module: pl.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
        dataloader_idx: int = 0,
    ) -> None:
        """Keep a few rows of it."""
        if trainer.is_global_zero and batch_idx in self.picked:
            rows = spread(len(batch[1]), -(-self.most // len(self.picked)))
            self.kept.append(tuple(values[rows].cpu() for values in (*batch, outputs)))

    def draw(self, spec: DataSpec, title: str) -> "Figure | None":
        """The picture that suits the kind of samples."""
        if not self.kept:
            return None
        from kindling.callback import chart

        inputs, targets, predicted = (torch.cat(part)[: self.most] for part in zip(*self.kept, strict=True))
        if spec.target == "real":
            return chart.draw_values(predicted, targets, title)
        names, title = class_names(spec), f"{title}: {KEY}"
        pairs = [
            (names[told], names[true])
            for told, true in zip(predicted_classes(predicted), targets, strict=True)
        ]
        if len(spec.input_shape) == 3:
            return chart.draw_images(inputs, pairs, title)
        if len(spec.input_shape) == 2:
            return chart.draw_sequences(inputs, pairs, title)
        chances = predicted.amax(1) if predicted.ndim == 2 else torch.maximum(predicted, 1 - predicted)
        return chart.draw_rows(inputs, pairs, chances, spec.feature_names, title)


def spread(count: int, most: int) -> list[int]:
    """At most so many of the numbers below `count`, at even distances."""
    few = min(count, most)
    return [at * count // few for at in range(few)]
