"""What is said of predicted classes: of each class, and of how far their probabilities can be trusted."""

from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor

from kindling.callback.confusion_matrix import class_names, predicted_classes
from kindling.data.spec import DataSpec
from kindling.evaluate.report import Cells, Pair, Report, ratio
from kindling.metric.calibration_error import place_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BINS = 15  # as the metric calibration_error has


class Calibration(NamedTuple):
    """Rows by the probability of the class that was predicted, in bins of equal width."""

    rows: Tensor  # (bins), as the others
    confidence: Tensor  # the mean of those probabilities; 0 where there is no row
    accuracy: Tensor

    @property
    def error(self) -> float:
        """How far confidence is from accuracy, on average over the rows."""
        share = self.rows / self.rows.sum()
        return float((share * (self.accuracy - self.confidence).abs()).sum())


class ClassReport(Report):
    """Keeps the true and the predicted class, and the probabilities of both (rows, 4)."""

    def __init__(self, spec: DataSpec) -> None:
        super().__init__(spec)
        self.names = class_names(spec)

    def suits(self, outputs: Any, targets: Tensor) -> bool:
        """Whether they are probabilities (batch, classes), or of two classes that of the second (batch)."""
        forms = [(len(targets), len(self.names)), *([(len(targets),)] if len(self.names) == 2 else [])]
        return isinstance(outputs, Tensor) and tuple(outputs.shape) in forms

    def facts(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """From probabilities."""
        predicted = predicted_classes(outputs)
        chances = outputs if outputs.ndim == 2 else torch.stack([1 - outputs, outputs], 1)  # (batch, classes)
        of_both = [chances.gather(1, label[:, None])[:, 0] for label in (predicted, targets)]
        return torch.stack([targets, predicted, *of_both], 1).double()

    def errors(self, facts: Tensor) -> Tensor:
        """What the true class lacks of being certain."""
        return 1 - facts[:, 3]

    def numbers(self) -> dict[str, Any]:
        """Of each class; what it is taken for; and the expected calibration error."""
        counts = self.confusion()
        hits, true, told = counts.diagonal(), counts.sum(1), counts.sum(0)
        columns = {
            "class": self.names,
            "precision": ratio(hits, told),
            "recall": ratio(hits, true),
            "f1": ratio(2 * hits, true + told),
            "rows": true.tolist(),
        }
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        return {"classes": rows, "confusion": counts.tolist(), "calibration_error": self.calibration().error}

    def figures(self, title: str) -> "dict[str, Figure]":
        """The confusion matrix, and confidence against accuracy."""
        from kindling.callback.chart import draw_confusion
        from kindling.evaluate.chart import draw_calibration

        matrix = draw_confusion(self.confusion(), self.names, title)
        return {"confusion_matrix": matrix, "calibration": draw_calibration(self.calibration(), title)}

    def columns(self, facts: Tensor) -> Cells:
        """Both classes, with their probabilities."""
        true, predicted = ([self.names[int(at)] for at in facts[:, column]] for column in (0, 1))
        chances = {"probability": facts[:, 2], "probability_of_true": facts[:, 3]}
        found = {name: list(values.float().numpy()) for name, values in chances.items()}
        return {"true": true, "predicted": predicted, **found}

    def pairs(self, facts: Tensor) -> list[Pair]:
        """Both classes."""
        return [(self.names[int(row[1])], self.names[int(row[0])]) for row in facts]

    def confusion(self) -> Tensor:
        """How many rows of each class are taken for which (true classes, predicted classes)."""
        count, facts = len(self.names), self.all().long()
        return (facts[:, 0] * count + facts[:, 1]).bincount(minlength=count**2).reshape(count, count)

    def calibration(self) -> Calibration:
        """Of all rows."""
        facts = self.all()
        confidence, hits = facts[:, 2], (facts[:, 0] == facts[:, 1]).double()
        place = place_of(confidence.float(), BINS)
        rows, sure, right = (place.bincount(w, BINS) for w in (torch.ones_like(hits), confidence, hits))
        return Calibration(rows, sure / rows.clamp(min=1), right / rows.clamp(min=1))
