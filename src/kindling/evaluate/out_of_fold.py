"""What a run predicts of the rows of its fold, which it has not trained on."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from torch import Tensor

from kindling.callback.confusion_matrix import predicted_classes
from kindling.data.base import DataModule
from kindling.data.loader import BatchOrder, MemoryLoader
from kindling.data.spec import DataSpec
from kindling.run.table import as_csv
from kindling.source.whole import written_whole

log = logging.getLogger(__name__)
FILE = "out_of_fold.csv"


def write_out_of_fold(
    data: DataModule, module: pl.LightningModule, trainer: pl.Trainer, folder: Path
) -> None:
    """A row for each of the fold: its number, target and prediction, by the weights that the module has."""
    split = data.splits["val"]
    order = BatchOrder(len(split), data.batch_size, False, data.seed)  # each process has them all
    found: Any = trainer.predict(module, MemoryLoader(split, order))
    if not trainer.is_global_zero:
        return
    outputs = found if all(isinstance(batch, Tensor) for batch in found) else []
    rows = {"row": split.rows.tolist(), **data.names("val")}
    told = columns(data.spec, torch.cat([batch.float().cpu() for batch in outputs]), split) if outputs else {}
    if not told:
        log.warning("%s: isn't written, as the module's predictions are no tensor with a row each", FILE)
        return
    table = {**rows, **told}
    with written_whole(folder / FILE) as file:
        file.write(as_csv([*table], zip(*table.values(), strict=True)).encode())


def columns(spec: DataSpec, outputs: Tensor, split: Any) -> dict[str, Sequence[Any]]:
    """Target and prediction of each row, in the target's units, or the class with all probabilities."""
    targets = split.targets[split.rows]
    names = spec.labels
    if not names:
        if outputs.shape != targets.shape:
            return {}
        pairs = {"target": targets, "prediction": outputs}
        several = targets.shape[1] > 1
        return {
            f"{name}_{at}" if several else name: list(column.numpy())
            for name, values in pairs.items()
            for at, column in enumerate(values.T, 1)
        }
    forms = [(len(targets), len(names)), *([(len(targets),)] if len(names) == 2 else [])]
    if tuple(outputs.shape) not in forms:
        return {}
    both = outputs if outputs.ndim == 2 else torch.stack([1 - outputs, outputs], 1)  # (rows, classes)
    chosen = {"target": targets, "prediction": predicted_classes(outputs)}
    chances = zip(names, both.T.numpy(), strict=True)
    return {
        **{name: [names[at] for at in labels.tolist()] for name, labels in chosen.items()},
        **{f"probability_{name}": list(column) for name, column in chances},
    }
