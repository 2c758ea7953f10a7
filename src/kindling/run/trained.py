"""A run for Python: what it left in its folder, read when it is asked for."""

import csv
import json
import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kindling.look.shown import Picture
from kindling.run.find import find_checkpoint, read_config
from kindling.run.word import stored_words

if TYPE_CHECKING:
    from kindling.evaluate.evaluation import Evaluation
    from kindling.predictor import Predictor


@dataclass(frozen=True)
class Trained:
    """What `kindling.train` returns."""

    folder: Path

    def __str__(self) -> str:
        tested = {name: value for name, value in self.metrics.items() if name.startswith("test/")}
        return ", ".join([f"{name} {value:.4g}" for name, value in tested.items()] or ["no results"])

    @cached_property
    def metrics(self) -> dict[str, float]:
        """The results: of the best epoch, and of its weights on the test split."""
        path = self.folder / "metrics.json"
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}

    @cached_property
    def epochs(self) -> list[dict[str, float]]:
        """The metrics of each epoch; none where `logger` lacks csv."""
        path = self.folder / "metrics.csv"
        if not path.is_file():
            return []
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return [{name: float(value) for name, value in row.items() if value} for row in rows]

    @cached_property
    def settings(self) -> dict[str, Any]:
        """What it was trained with, as plain values."""
        return read_config(self.folder)

    @property
    def words(self) -> dict[str, str]:
        """What was typed, by the setting that each word is about."""
        parts = (word.partition("=") for word in stored_words(self.folder))
        return {name.lstrip("+~"): value for name, _, value in parts}

    @property
    def command(self) -> str:
        """What one would type to train it again."""
        return (self.folder / "command.txt").read_text(encoding="utf-8").splitlines()[0]

    @property
    def curves(self) -> Picture:
        """Loss, metric and learning rate against the epoch."""
        return Picture(self.folder / "curves.png")

    @cached_property
    def predictor(self) -> "Predictor":
        """The network with its best weights."""
        from kindling.predictor import load  # which imports torch

        return load(self.folder)

    def evaluate(self, split: str = "test", worst: int = 25) -> "Evaluation":
        """Its network on the rows of a split: what scripts/evaluate.py prints and writes."""
        from kindling.evaluate.evaluation import evaluate
        from kindling.evaluate.rows import own_rows
        from kindling.run.store import read_checkpoint

        state = read_checkpoint(find_checkpoint(str(self.folder)))
        with warnings.catch_warnings():  # of Lightning's, over its own code
            warnings.filterwarnings("ignore", module="pytorch_lightning|lightning_fabric")
            return evaluate(self.predictor, state, own_rows(state, split, None, None), worst)
