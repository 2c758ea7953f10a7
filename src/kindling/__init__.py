"""Deep learning: any network on any data, one word a choice."""

from os import PathLike, environ
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kindling.look.shown import Picture
    from kindling.predictor import Predictor
    from kindling.run.trained import Trained
    from kindling.sweep.swept import Swept

# torch's threads spin while they wait for one another: beside another program that costs three times the run
environ.setdefault("GOMP_SPINCOUNT", "1000")


def load(path: str | PathLike[str], device: str = "auto") -> "Predictor":
    """The trained network of a run's folder, of a checkpoint or of `last`; raises UserError."""
    from kindling.predictor import load as load_predictor  # which imports torch

    return load_predictor(path, device)


def train(*words: str) -> "Trained":
    """Train as `python train.py` does with these words, and return the run; raises UserError."""
    from kindling.check.here import train as train_here  # which imports Hydra, as the next

    return train_here(words)


def train_all(*words: str) -> "Swept":
    """Train every combination, as `python train.py -m` does, and return the sweep; raises UserError."""
    from kindling.check.here import train_all as train_all_here

    return train_all_here(words)


def picture(path: str | PathLike[str]) -> "Picture":
    """A PNG file that a notebook shows where a cell ends with it."""
    from pathlib import Path

    from kindling.look.shown import Picture

    return Picture(Path(path))
