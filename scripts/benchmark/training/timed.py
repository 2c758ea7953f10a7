"""A training timed in a process of its own, once its imports are done; how these programs are called.

python scripts/benchmark/training/NAME.py FOLDER NETWORK EPOCHS, with x.npy and y.npy in the folder.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BATCH = 128
TEST, VAL = 0.15, 0.05  # of all rows


class Arrays(NamedTuple):
    """Images of bytes (rows, 28, 28), and their classes."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]


def read(folder: Path) -> dict[str, Arrays]:
    """The rows under `train`, `val` and `test`."""
    images, labels = np.load(folder / "x.npy")[:, 0], np.load(folder / "y.npy")
    test, val = round(TEST * len(labels)), round(VAL * len(labels))
    parts = {"test": slice(test), "val": slice(test, test + val), "train": slice(test + val, None)}
    return {name: Arrays(images[part], labels[part]) for name, part in parts.items()}


def told(train: Callable[[Path, str, int], float]) -> None:
    """Train as the command line says, and print seconds and the accuracy on the test split as JSON."""
    folder, network, number = sys.argv[1:]
    cpu, wall = time.process_time(), time.perf_counter()
    accuracy = train(Path(folder), network, int(number))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(json.dumps({"cpu": cpu, "wall": wall, "accuracy": accuracy}))
