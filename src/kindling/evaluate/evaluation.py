"""A network on rows with targets: its metrics, a report, pictures, and the rows that it errs on most."""

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytorch_lightning as pl
import torch
from torch import Tensor
from tqdm import tqdm

from kindling.data.normalize import Normalize
from kindling.error import NotFiniteError
from kindling.evaluate.classes import ClassReport
from kindling.evaluate.collect import Collect
from kindling.evaluate.place import NUMBERS, filling
from kindling.evaluate.report import Report
from kindling.evaluate.rows import Rows
from kindling.evaluate.table import tables
from kindling.evaluate.values import ValueReport
from kindling.evaluate.worst import Worst
from kindling.predictor import Predictor
from kindling.run.table import lines, write_csv
from kindling.source.path import user_path

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PRECISION = ("precision", "deterministic", "benchmark")  # of the trainer's settings: what alters numbers
LIMITS = ("limit_val_batches", "limit_test_batches")


class Evaluation:
    """What came out of so many rows, by the run's own metrics."""

    def __init__(
        self, metrics: dict[str, float], report: Report, worst: Worst, rows: Rows, count: int
    ) -> None:
        self.metrics = metrics
        self.report = report
        self.worst = worst
        self.rows = rows
        self.count = count
        self.reports = worst.count == count > 0

    def __str__(self) -> str:
        found = ["\n".join(lines(table)) for table in tables(self.plain())]
        return "\n\n".join([*self.notes(), *found])

    def plain(self) -> dict[str, Any]:
        """All numbers, in plain values."""
        report = self.report.numbers() if self.reports else {}
        return {"split": self.rows.split or None, "rows": self.count, "metrics": self.metrics, **report}

    def notes(self) -> Iterator[str]:
        """What is less than one might expect."""
        if not self.reports:
            yield "the module's steps return no predictions: there are its metrics alone"
        if self.rows.count is not None and self.count < self.rows.count:
            limit = f"the run's trainer.limit_{self.rows.split}_batches holds"
            yield f"{self.count} of {self.rows.count} rows: {limit}"

    def write(self, folder: Path | str, facts: dict[str, Any] | None = None) -> list[str]:
        """Everything into a folder, evaluation.json with the facts last; returns the names of the files."""
        with filling(user_path(str(folder))) as whole:
            return self._write(whole, facts or {})

    def _write(self, folder: Path, facts: dict[str, Any]) -> list[str]:
        from kindling.callback.chart import save

        figures = self.report.figures(self.rows.title) if self.reports else {}
        names = [f"{name}.png" for name in figures]
        if self.reports and self.worst.most:
            self._write_worst(folder / "worst.csv")
            names.append("worst.csv")
            figures |= {"worst": figure} if (figure := self._draw_worst()) else {}
        for name, figure in figures.items():
            save(figure, folder / f"{name}.png")
        names += ["worst.png"] if "worst" in figures else []
        text = json.dumps({**facts, **self.plain()}, indent=2, ensure_ascii=False)
        (folder / NUMBERS).write_text(f"{text}\n", encoding="utf-8", newline="\n")
        return [NUMBERS, *names]

    def _write_worst(self, path: Path) -> None:
        _, numbers, facts, inputs = self.worst.rows
        found = {name: [values[at] for at in numbers.tolist()] for name, values in self.rows.names().items()}
        columns = [*found.items(), *self.report.columns(facts).items()]
        if self.rows.cells and inputs.ndim == 2:
            cells = self.rows.cells(numbers.tolist())
            columns += [(name, values) for name, values in cells.items() if name not in found]
        elif inputs.ndim == 2:
            features = self.report.spec.feature_names or tuple(
                f"column {at}" for at in range(inputs.shape[1])
            )
            columns += zip(features, (list(values.numpy()) for values in inputs.T), strict=True)
        write_csv(
            str(path), [name for name, _ in columns], zip(*(values for _, values in columns), strict=True)
        )

    def _draw_worst(self) -> "Figure | None":
        from kindling.callback import chart

        _, _, facts, inputs = self.worst.rows
        draw = {3: chart.draw_sequences, 4: chart.draw_images}.get(inputs.ndim)
        title = f"{self.rows.title}: the largest errors; what is predicted, and what is true"
        return draw(inputs, self.report.pairs(facts), title) if draw else None


def evaluate(predictor: Predictor, state: dict[str, Any], rows: Rows, most: int) -> Evaluation:
    """Score rows as training would, by its own steps, and keep the `most` worst of them.

    Raises NotFiniteError.
    """
    kept = state["kindling"]
    report, worst = make_report(predictor, kept["reading"]), Worst(most)
    known = kept["config"]["trainer"] | ({"precision": kept["precision"]} if kept.get("precision") else {})
    names = [name for name in (*PRECISION, *(LIMITS if rows.split else ())) if name in known]
    with tqdm(total=rows.count, unit=" rows", leave=False, disable=None) as bar:
        collect = Collect(report, worst, bar)
        trainer = pl.Trainer(
            **{name: known[name] for name in names},
            accelerator=predictor.module.device.type,
            devices=1,
            callbacks=[collect],
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            use_distributed_sampler=False,
        )
        run = trainer.validate if rows.split == "val" else trainer.test
        run(predictor.module, rows.loader, verbose=False)
    metrics = {name: float(value) for name, value in trainer.callback_metrics.items()}
    for name, value in metrics.items():
        if not math.isfinite(value):
            raise NotFiniteError(f"{name}: expected a finite number, got {value}; look at the inputs")
    return Evaluation(metrics, report, worst, rows, collect.count)


def make_report(predictor: Predictor, reading: dict[str, Any]) -> Report:
    """That which suits what is predicted."""
    spec = predictor.spec
    if spec.target == "class":
        return ClassReport(spec)
    scale = getattr(predictor.module.task, "normalize", None)
    spread: Tensor = (
        scale.scale.cpu().clone() if isinstance(scale, Normalize) else torch.ones(spec.num_targets)
    )
    return ValueReport(spec, target_names(reading, spec.num_targets), spread)


def target_names(reading: dict[str, Any], count: int) -> Sequence[str]:
    """What the numbers to predict are called; several of one name are counted from 1."""
    forecast = reading["columns"][0]["name"] if reading["kind"] == "series" else None
    name = reading.get("target") or forecast or "target"
    return [name] if count == 1 else [f"{name} {at}" for at in range(1, count + 1)]
