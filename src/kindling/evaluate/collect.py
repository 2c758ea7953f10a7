"""The callback that keeps what an evaluation reports on."""

from typing import Any

import pytorch_lightning as pl
from torch import Tensor
from tqdm import tqdm

from kindling.evaluate.report import Report
from kindling.evaluate.worst import Worst


class Collect(pl.Callback):
    """Takes the predictions that a step returns; one that returns others leaves nothing to report on."""

    def __init__(self, report: Report, worst: Worst, bar: "tqdm[Any]") -> None:
        self.report = report
        self.worst = worst
        self.bar = bar
        self.count = 0

    def on_test_batch_end(
        self,
        trainer: pl.Trainer,
        pl_module: pl.LightningModule,
        outputs: Any,
        batch: tuple[Tensor, Tensor],
        batch_idx: int,
        dataloader_idx: int = 0,
    ) -> None:
        """Keep a batch."""
        inputs, targets = batch
        self.bar.update(len(targets))
        self.count += len(targets)
        if self.report.suits(outputs, targets):
            facts = self.report.add(outputs, targets)
            self.worst.add(self.report.errors(facts), facts, inputs)

    on_validation_batch_end = on_test_batch_end
