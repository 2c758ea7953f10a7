"""Data to train on that mean little: only their sizes matter."""

from pathlib import Path

import numpy as np

COLUMNS = 20
CLASSES = 3


def make_table(path: Path, rows: int, target: bool = True) -> Path:
    """A CSV file of numbers, whose target is a class that the first two columns tell."""
    numbers = np.random.default_rng(0).standard_normal((rows, COLUMNS))
    classes = (numbers[:, :2] > 0).sum(1)
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join([f"x{at}" for at in range(COLUMNS)] + ["target"] * target) + "\n")
        for row, one in zip(numbers.tolist(), classes.tolist(), strict=True):
            cells = [f"{value:.4f}" for value in row]
            file.write(",".join([*cells, str(one)] if target else cells) + "\n")
    return path


def make_arrays(folder: Path, rows: int, *shape: int) -> list[str]:
    """Arrays of bytes and of ten classes; the words that train on them."""
    chance = np.random.default_rng(0)
    arrays = {"path": chance.integers(256, size=(rows, *shape), dtype=np.uint8), "target_path": None}
    arrays["target_path"] = np.arange(rows) % 10
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values)
    return ["data=npy", *(f"data.{name}={folder / name}.npy" for name in arrays)]
