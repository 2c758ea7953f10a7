"""Trained networks of each task and model, on arrays that are written here."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Trained = Callable[..., Path]
KINDS = {"classification": 3, "binary": 2, "regression": 0}  # how many classes


@pytest.fixture
def trained(fitted: Callable[..., Any], tmp_path: Path) -> Trained:
    """A checkpoint after a batch of images of bytes."""

    def train(task: str, *words: str) -> Path:
        generator = np.random.default_rng(0)
        inputs = generator.integers(0, 256, (60, 1, 8, 8), dtype=np.uint8)
        classes = KINDS[task]
        targets = np.arange(60) % classes if classes else generator.normal(200_000, 50_000, (60, 2))
        files = {"path": inputs, "target_path": targets}
        for name, array in files.items():
            np.save(tmp_path / f"{name}.npy", array)
        paths = [f"data.{name}={tmp_path / name}.npy" for name in files]
        *_, trainer = fitted(*paths, "data=npy", f"task={task}", *words)
        return Path(trainer.checkpoint_callbacks[-1].best)

    return train
