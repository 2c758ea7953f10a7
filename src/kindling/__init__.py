"""A template for deep learning: any network on any data, one word a choice."""

from os import PathLike
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kindling.predictor import Predictor


def load(path: str | PathLike[str], device: str = "auto") -> "Predictor":
    """The trained network of a run's folder, of a checkpoint or of `last`; raises UserError."""
    from kindling.predictor import load as load_predictor  # which imports torch

    return load_predictor(path, device)
