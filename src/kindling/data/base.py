"""The base of every dataset: it splits, measures and hands out; subclasses only load."""

import hashlib
from typing import Any

import pytorch_lightning as pl
import torch
from torch import Tensor

from kindling.data.loader import BatchOrder, MemoryLoader, Split
from kindling.data.normalize import METHODS, Method, Statistics, feature_shape, measure
from kindling.data.spec import DataSpec
from kindling.error import ConfigError, DataError


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
        require("batch_size", batch_size, "1 or more", batch_size >= 1)
        require("train_rows", train_rows, "1 or more, or null", train_rows is None or train_rows >= 1)
        require("val_fraction", val_fraction, "0 to 1", 0 <= val_fraction < 1)
        require("test_fraction", test_fraction, "0 to 1", 0 <= test_fraction < 1)
        require("normalization", normalization, ", ".join(METHODS), normalization in METHODS)
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
        labels = rows.targets
        if self.spec.target == "real":
            labels = tenths(labels.reshape(len(labels), -1)[:, 0])
        parts = split_rows(labels, self.val_fraction, self.test_fraction, self.seed)
        return {name: Split(rows.inputs[part], rows.targets[part]) for name, part in parts.items()}

    def setup(self, stage: str | None = None) -> None:
        """Load and split, once; raises DataError where the rows are not what the spec says."""
        if self.splits:
            return
        splits = {name: tidy(split, self.spec, name) for name, split in self.make_splits().items()}
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


def require(name: str, value: object, expected: str, suits: bool) -> None:
    """Refuse a setting that no data set can work with."""
    if not suits:
        raise ConfigError(f"data.{name}: expected {expected}, got {value}")


def tidy(split: Split, spec: DataSpec, name: str) -> Split:
    """Bring a split to the form that its spec promises; raises DataError where that can't be."""
    inputs, targets = split
    where = f"data: the {name} split"
    if not len(targets):
        fraction = "" if name == "train" else f"; raise data.{name}_fraction"
        raise DataError(f"{where} has no rows, expected at least one{fraction}")
    if inputs.shape[1:] != spec.input_shape:
        shape = tuple(inputs.shape[1:])
        raise DataError(f"{where} has samples of shape {shape}, expected {spec.input_shape} as in its spec")
    for what, values in (("inputs", inputs), ("targets", targets)):
        if not torch.isfinite(values).all():
            raise DataError(f"{where} has {what} that are not finite; fill or drop those rows in load()")
    if spec.target == "real":
        return Split(inputs, targets.float().reshape(len(targets), -1))
    wrong = targets[(targets != targets.long()) | (targets < 0) | (targets >= spec.num_targets)]
    if len(wrong):
        raise DataError(f"{where} has the class {wrong[0].item()}, expected 0 to {spec.num_targets - 1}")
    return Split(inputs, targets.long())


def tenths(values: Tensor) -> Tensor:
    """Which tenth of all values each one lies in: so that numbers are split as evenly as classes."""
    ranks = values.argsort(stable=True).argsort()
    return ranks * 10 // len(values)


def split_rows(labels: Tensor, val_fraction: float, test_fraction: float, seed: int) -> dict[str, Tensor]:
    """Row numbers of each split, with the same share of every label in each, to within a row."""
    generator = torch.Generator().manual_seed(seed)
    total = len(labels)
    rows = torch.randperm(total, generator=generator)
    rows = rows[labels[rows].argsort(stable=True)]  # label after label, in random order within each
    test, rows = take_evenly(rows, round(total * test_fraction))
    val, train = take_evenly(rows, min(len(rows), round(total * val_fraction)))
    parts = {"train": train, "val": val, "test": test}
    return {name: part[torch.randperm(len(part), generator=generator)] for name, part in parts.items()}


def take_evenly(rows: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """As many rows as told, at even distances, and the rest."""
    taken = torch.zeros(len(rows), dtype=torch.bool)
    taken[torch.arange(count) * len(rows) // max(count, 1)] = True
    return rows[taken], rows[~taken]
