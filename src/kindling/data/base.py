"""The base of every dataset: it splits, measures and hands out; subclasses only load."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytorch_lightning as pl
import torch
from platformdirs import user_cache_path
from psutil import virtual_memory
from torch import Tensor
from torch.utils.data import DataLoader

from kindling.data.divide import require, split_rows, tenths
from kindling.data.fingerprint import digest
from kindling.data.fold import fold_rows, make_fold
from kindling.data.loader import BatchOrder, MemoryLoader, Split, position
from kindling.data.normalize import Method, Statistics, feature_shape, measure
from kindling.data.reading import usual_reading
from kindling.data.resident import moved
from kindling.data.spec import DataSpec
from kindling.data.tidy import tidy
from kindling.data.worker import worker_loader
from kindling.error import ConfigError, RunError
from kindling.source.path import Location, user_path

Loader = MemoryLoader | DataLoader[Any]


class DataModule(pl.LightningDataModule):
    """A subclass states its `spec` and returns all of its rows from `load`.

    Where they are the same for all of its rows, `sample` and `kind` let words be refused before anything
    is imported: what a row is, and whether its target is a class or a real number.
    """

    sample: ClassVar[str]  # table, sequence or image
    kind: ClassVar[str]  # class or real
    spec: DataSpec

    def __init__(
        self,
        batch_size: int = 32,
        val_fraction: float = 0.15,
        test_fraction: float = 0.2,
        folds: int | None = None,
        fold: int = 0,
        train_rows: int | None = None,
        normalization: Method = "standard",
        balanced: bool = False,
        in_memory: bool | Literal["auto"] = "auto",
        on_device: bool = False,
        workers: int = 2,
        root: Location | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.batch_size = batch_size
        self.val_fraction = val_fraction
        self.test_fraction = test_fraction
        self.fold = make_fold(folds, fold)
        self.in_folds = False  # once its rows are divided so
        self.train_rows = train_rows
        self.normalization = normalization
        self.balanced = balanced
        self.in_memory = in_memory
        self.on_device = on_device
        self.workers = workers
        self.root = user_path(root) if root else user_cache_path("kindling", appauthor=False)
        self.seed = seed
        self.splits: dict[str, Split] = {}
        self.resident: dict[str, Split] = {}  # on the device that trains, where on_device asks
        self.start = (0, 0)  # epoch and batch
        self.unlabelled: Split | None = None  # rows to predict at the end

    def load(self) -> Split:
        """All rows of the set, before it is split."""
        raise TypeError(f"{type(self).__name__} must define load() or make_splits()")

    def make_splits(self) -> dict[str, Split]:
        """The rows under `train`, `val` and `test`; a set with an official test split overrides this."""
        return self.divide(self.load(), ("val", "test"))

    def divide(self, rows: Split, names: Sequence[str], groups: Tensor | None = None) -> dict[str, Split]:
        """Split `val`, `test` or both off, and leave the rest for `train`; rows of a group stay together."""
        labels = rows.targets[rows.rows]
        if not self._classes():
            labels = tenths(labels.reshape(len(labels), -1)[:, 0])
        val, test = self.val_fraction * ("val" in names), self.test_fraction * ("test" in names)
        if self.fold:
            self.in_folds = "val" in names
            parts = fold_rows(labels, test, self.fold, self.seed, self.spec.labels, groups)
        else:
            expected = f"below {1 - val:g} beside data.val_fraction={val}"
            require("test_fraction", test, expected, val + test < 1)
            parts = split_rows(labels, val, test, self.seed, groups)
        return {name: rows.only(parts[name]) for name in ("train", *names)}

    def setup(self, stage: str | None = None) -> None:
        """Load and split, once; raises DataError where the rows are not what the spec says."""
        if self.splits:
            return
        splits = {name: tidy(split, self.spec, name) for name, split in self.make_splits().items()}
        splits["train"] = splits["train"].only(slice(self.train_rows))
        if self.fold and not self.in_folds:
            own = f"expected null for {type(self).__name__}, which has a validation split of its own"
            raise ConfigError(f"data.folds: {own}, got {self.fold.count}")
        if self.balanced:
            require("balanced", self.balanced, "false for numbers to predict", self._classes())
        self.splits = splits

    def reading(self) -> dict[str, Any]:
        """How a raw sample is read, in plain values; a set that knows better overrides this."""
        return usual_reading(self.spec, self.splits["train"].inputs.dtype)

    def names(self, name: str) -> dict[str, Sequence[Any]]:
        """What tells the rows of a split apart, by what it is called."""
        return {"row": self.splits[name].rows.tolist()}

    @property
    def statistics(self) -> Statistics:
        """Shift and scale of inputs and targets, from the training split alone."""
        train = self.splits["train"]
        targets = train.targets[train.rows]
        shape = feature_shape(self.spec.input_shape)
        inputs = measure(train.parts(), shape, self.normalization)
        if self._classes():
            counts = targets.bincount(minlength=self.spec.num_targets)
            if self.balanced:  # as training sees them: nothing is left to weigh
                counts = counts.sign()
            return Statistics(*inputs, *measure([], (self.spec.num_targets,), "none"), counts)
        scale = measure([targets], (self.spec.num_targets,), self.normalization)
        return Statistics(*inputs, *scale, torch.empty(0))

    @cached_property
    def identity(self) -> dict[str, Any]:
        """For the record: how many rows each split has, and a sha256 over all of them in their order."""
        rows = {name: len(split) for name, split in self.splits.items()}
        return {"rows": rows, "sha256": self.fingerprint()}

    def fingerprint(self) -> str:
        """What tells one set from another, and one split of it from another."""
        return digest(self.splits)

    def train_dataloader(self) -> Loader:
        """Batches in a new order each epoch."""
        return self._loader("train", shuffle=True)

    def val_dataloader(self) -> Loader:
        """Batches in the order of the rows."""
        return self._loader("val")

    def test_dataloader(self) -> Loader:
        """Batches in the order of the rows."""
        return self._loader("test")

    def predict_dataloader(self) -> Loader:
        """Batches of the rows without a target; each process has them all."""
        assert self.unlabelled is not None
        order = BatchOrder(len(self.unlabelled), self.batch_size, False, self.seed)
        return MemoryLoader(self.unlabelled, order)

    def write_predictions(self, folder: Path, outputs: Sequence[Tensor]) -> None:
        """predictions.csv, with what was predicted for each batch of the rows without a target."""
        raise TypeError(f"{type(self).__name__} has rows to predict: it must define write_predictions()")

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint says about the data, in plain values: which they are, and the place in them."""
        world_size = self.trainer.world_size if self.trainer else 1
        return {**self.identity, "world_size": world_size, "start": list(position(self.trainer))}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on at that place; raises RunError where it is one in other data."""
        own = self.state_dict()
        for name in ("rows", "sha256", "world_size"):
            if own[name] != state_dict[name]:
                was, now = state_dict[name], own[name]
                raise RunError(f"data: expected {name} {was} as the run began, got {now}; begin another run")
        self.start = tuple(state_dict["start"])

    def fits(self) -> bool:
        """Whether batches are gathered here, from memory, or read ahead by workers."""
        size = max(split.inputs.untyped_storage().nbytes() for split in self.splits.values())
        return size < virtual_memory().available / 2 if self.in_memory == "auto" else self.in_memory

    def _loader(self, name: str, shuffle: bool = False) -> Loader:
        split = self.splits[name]
        weights = split.evenly() if shuffle and self.balanced else None
        rank, world_size = (self.trainer.global_rank, self.trainer.world_size) if self.trainer else (0, 1)
        start = self.start if name == "train" else (0, 0)
        order = BatchOrder(len(split), self.batch_size, shuffle, self.seed, rank, world_size, weights, start)
        if self.on_device and self.trainer:
            self.resident = self.resident or moved(self.splits, self.trainer.strategy.root_device)
            split = self.resident[name]
        at_hand = split.rows.device.type != "cpu" or self.fits()
        return MemoryLoader(split, order) if at_hand else worker_loader(split, order, self.workers)

    def _classes(self) -> bool:
        return self.spec.target == "class"
