"""The base of every dataset: it splits, measures and hands out; subclasses only load."""

import hashlib
from typing import Any

import pytorch_lightning as pl
import torch
from torch import Tensor

from kindling.data.loader import BatchOrder, MemoryLoader, Split
from kindling.data.normalize import Method, Statistics, feature_shape, measure
from kindling.data.spec import DataSpec
from kindling.error import DataError


class DataModule(pl.LightningDataModule):
    """A subclass states its `spec` and returns all of its rows from `load`."""

    spec: DataSpec

    def __init__(
        self,
        batch_size: int = 32,
        val_fraction: float = 0.15,
        test_fraction: float = 0.2,
        train_rows: int | None = None,
        normalization: Method = "standard",
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.batch_size = batch_size
        self.val_fraction = val_fraction
        self.test_fraction = test_fraction
        self.train_rows = train_rows
        self.normalization = normalization
        self.seed = seed
        self.splits: dict[str, Split] = {}

    def load(self) -> Split:
        """All rows of the set, before it is split."""
        raise TypeError(f"{type(self).__name__} must define load() or make_splits()")

    def make_splits(self) -> dict[str, Split]:
        """The rows under `train`, `val` and `test`; a set with an official test split overrides this."""
        rows = self.load()
        labels = rows.targets if self.spec.target == "class" else tenths(rows.targets[:, 0])
        parts = split_rows(labels, self.val_fraction, self.test_fraction, self.seed)
        return {name: Split(rows.inputs[part], rows.targets[part]) for name, part in parts.items()}

    def setup(self, stage: str | None = None) -> None:
        """Load, split and measure, once; raises DataError where a split comes out empty."""
        if self.splits:
            return
        splits = self.make_splits()
        for name, split in splits.items():
            if not len(split.targets):
                fraction = "" if name == "train" else f"; raise data.{name}_fraction"
                raise DataError(f"data: the {name} split has no rows, expected at least one{fraction}")
        splits["train"] = Split(*(part[: self.train_rows] for part in splits["train"]))
        self.splits = splits

    @property
    def statistics(self) -> Statistics:
        """Shift and scale of inputs and targets, from the training split alone."""
        inputs, targets = self.splits["train"]
        input_shape, target_shape = feature_shape(self.spec.input_shape), (self.spec.num_targets,)
        target_method = self.normalization if self.spec.target == "real" else "none"
        return Statistics(
            *measure(inputs, input_shape, self.normalization),
            *measure(targets, target_shape, target_method),
        )

    def describe(self) -> dict[str, Any]:
        """For the record: how many rows each split has, and a sha256 over all of them in their order."""
        digest = hashlib.sha256()
        for name in sorted(self.splits):
            for part in self.splits[name]:
                digest.update(part.contiguous().view(torch.uint8).numpy().data)
        rows = {name: len(split.targets) for name, split in self.splits.items()}
        return {"rows": rows, "sha256": digest.hexdigest()}

    def train_dataloader(self) -> MemoryLoader:
        """Batches in a new order each epoch."""
        return self._loader("train", shuffle=True)

    def val_dataloader(self) -> MemoryLoader:
        """Batches in the order of the rows."""
        return self._loader("val")

    def test_dataloader(self) -> MemoryLoader:
        """Batches in the order of the rows."""
        return self._loader("test")

    def _loader(self, name: str, shuffle: bool = False) -> MemoryLoader:
        split = self.splits[name]
        rank, world_size = (self.trainer.global_rank, self.trainer.world_size) if self.trainer else (0, 1)
        order = BatchOrder(len(split.targets), self.batch_size, shuffle, self.seed, rank, world_size)
        return MemoryLoader(split, order)


def tenths(values: Tensor) -> Tensor:
    """Which tenth of all values each one lies in: so that numbers are split as evenly as classes."""
    ranks = values.argsort(stable=True).argsort()
    return ranks * 10 // len(values)


def split_rows(labels: Tensor, val_fraction: float, test_fraction: float, seed: int) -> dict[str, Tensor]:
    """Row numbers of each split, with the same share of every label in each."""
    generator = torch.Generator().manual_seed(seed)
    parts: dict[str, list[Tensor]] = {"train": [], "val": [], "test": []}
    for label in labels.unique():
        rows = torch.nonzero(labels == label).flatten()
        rows = rows[torch.randperm(len(rows), generator=generator)]
        test, val = round(len(rows) * test_fraction), round(len(rows) * val_fraction)
        for name, part in zip(parts, rows.split([len(rows) - val - test, val, test]), strict=True):
            parts[name].append(part)
    return {
        name: torch.cat(found)[torch.randperm(sum(map(len, found)), generator=generator)]
        for name, found in parts.items()
    }
