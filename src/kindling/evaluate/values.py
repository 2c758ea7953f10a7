"""What is said of predicted numbers: how far each is from true, and which way."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from kindling.data.spec import DataSpec
from kindling.evaluate.report import Cells, Pair, Report, ratio
from kindling.look.facts import number

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class ValueReport(Report):
    """Keeps true and predicted values (rows, 2 · num_targets)."""

    def __init__(self, spec: DataSpec, names: Sequence[str], spread: Tensor) -> None:
        super().__init__(spec)
        self.names = names
        self.spread = spread  # (num_targets): errors of numbers in different units count alike in it

    def suits(self, outputs: Any, targets: Tensor) -> bool:
        """Whether they are values (batch, num_targets)."""
        return isinstance(outputs, Tensor) and outputs.shape == targets.shape

    def facts(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """As they are."""
        return torch.cat([targets, outputs], 1)

    def errors(self, facts: Tensor) -> Tensor:
        """The mean of the absolute errors, in units of the spread."""
        true, predicted = facts.chunk(2, 1)
        return ((predicted - true).abs() / self.spread).mean(1)

    def numbers(self) -> dict[str, Any]:
        """Of each number: absolute, squared and mean error, and the share of the variance explained."""
        true, predicted = self.all().double().chunk(2, 1)
        errors = predicted - true
        around = (true - true.mean(0)).square().sum(0)
        left = ratio(errors.square().sum(0), around)
        columns = {
            "target": self.names,
            "mae": errors.abs().mean(0).tolist(),
            "rmse": errors.square().mean(0).sqrt().tolist(),
            "bias": errors.mean(0).tolist(),
            "largest_error": errors.abs().amax(0).tolist(),
            "r2": [None if share is None else 1 - share for share in left],
        }
        return {
            "targets": [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        }

    def figures(self, title: str) -> "dict[str, Figure]":
        """Predicted against true values, and what is between them."""
        from kindling.evaluate.chart import draw_residuals

        true, predicted = self.all().chunk(2, 1)
        return {"residuals": draw_residuals(true, predicted, self.names, title)}

    def columns(self, facts: Tensor) -> Cells:
        """Both values and their difference; several numbers are counted from 1."""
        true, predicted = facts.chunk(2, 1)
        found = {"true": true, "predicted": predicted, "error": predicted - true}
        several = true.shape[1] > 1
        return {
            f"{name}_{at}" if several else name: list(column.numpy())
            for name, values in found.items()
            for at, column in enumerate(values.T, 1)
        }

    def pairs(self, facts: Tensor) -> list[Pair]:
        """The first of the values."""
        true, predicted = facts.chunk(2, 1)
        more = ", …" if true.shape[1] > 1 else ""
        return [
            (number(told) + more, number(right) + more)
            for told, right in zip(predicted[:, 0], true[:, 0], strict=True)
        ]
