"""CIFAR-10 (A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009)."""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from kindling.data.base import DataModule
from kindling.data.loader import Split
from kindling.data.spec import DataSpec
from kindling.error import DataError
from kindling.source.archive import Archive, Member
from kindling.source.download import provide, sources

MIRRORS = (
    "https://www.cs.toronto.edu/~kriz/",
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
)
ROW = 1 + 3 * 32 * 32  # bytes: the label, then the red, green and blue of all pixels
BATCHES = (*(f"data_batch_{number}.bin" for number in range(1, 6)), "test_batch.bin")
ARCHIVE = Archive(
    "cifar-10-binary.tar.gz",  # the one without pickles
    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    tuple(Member(f"cifar-10-batches-bin/{name}", 10_000 * ROW) for name in BATCHES),
)
CLASS_NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


class CIFAR10(DataModule):
    """50,000 and 10,000 colour images of 32×32 in ten classes; `val` is split off the 50,000.

    They are downloaded once, under `root`; `mirror` is a folder or an address to take them from instead.
    """

    sample = "image"
    kind = "class"

    spec = DataSpec((3, 32, 32), "class", 10, CLASS_NAMES)

    def __init__(self, mirror: str | None = None, **shared: Any) -> None:
        super().__init__(**shared)
        self.places = sources(mirror, MIRRORS)
        self.folder = self.root / "cifar10"

    def make_splits(self) -> dict[str, Split]:
        """The official test images stay `test`; raises DataError where files can't be had or are damaged."""
        provide([ARCHIVE], self.folder, self.places)
        *train, test = (read_batch(self.folder / name) for name in BATCHES)
        inputs, targets = (torch.cat(parts) for parts in zip(*train, strict=True))
        return {**self.divide(Split(inputs, targets), ["val"]), "test": Split(*test)}


def read_batch(path: Path) -> tuple[torch.Tensor, torch.Tensor]:
    """Images and labels of one file; raises DataError where it doesn't consist of whole rows."""
    content = np.fromfile(path, np.uint8)
    if len(content) % ROW or not len(content):
        raise DataError(f"{path}: expected rows of {ROW} bytes, got {len(content)} bytes; delete it")
    rows = torch.from_numpy(content).reshape(-1, ROW)
    return rows[:, 1:].reshape(-1, 3, 32, 32), rows[:, 0]  # (rows, 3, 32, 32), (rows)
