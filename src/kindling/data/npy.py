"""Somebody's own arrays: .npy files of inputs and targets, read where they lie."""

from collections.abc import Sequence
from functools import partial
from math import prod
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kindling.data.base import DataModule
from kindling.data.loader import Split
from kindling.data.spec import DataSpec
from kindling.error import ConfigError, DataError
from kindling.source.path import Location
from kindling.source.target import class_names, kind_of, open_array

COLOURS = (1, 3, 4)  # channels of images


def open_inputs(path: Location, input_shape: Sequence[int] | None, channels_last: bool) -> Tensor:
    """A view of the file: (rows, *input_shape), with the channels of images before their sides."""
    found = torch.from_numpy(open_array(path, "path"))
    if input_shape is not None:
        if min(input_shape, default=0) < 1 or prod(input_shape) != prod(found.shape[1:]):
            got = tuple(found.shape[1:])
            raise ConfigError(f"data.input_shape: expected {prod(got)} numbers, as {path} has them in {got}")
        found = found.reshape(-1, *input_shape)
    if channels_last:
        if found.ndim != 4:
            raise ConfigError(f"data.channels_last: expected images, got rows of {tuple(found.shape[1:])}")
        found = found.permute(0, 3, 1, 2)  # (rows, channels, height, width)
    elif (
        found.ndim == 4
        and input_shape is None
        and found.shape[3] in COLOURS
        and found.shape[1] not in COLOURS
    ):
        hint = f"add data.channels_last=true, or data.input_shape={list(found.shape[1:])} if they are right"
        raise ConfigError(f"{path}: images seem to be (height, width, channels), {hint}")
    if not 2 <= found.ndim <= 4 or 0 in found.shape:
        raise DataError(f"{path}: expected rows of one to three axes, got {tuple(found.shape)}")
    return found


def open_targets(path: Location) -> NDArray[Any]:
    """The targets in a file; raises DataError where one is not finite."""
    targets = open_array(path, "target_path")
    wrong = np.argwhere(~np.isfinite(targets))
    if len(wrong):
        row = int(wrong[0][0])
        raise DataError(f"{path}: expected finite numbers, got {targets[row]} in row {row}; mend it")
    return targets


class Npy(DataModule):
    """Arrays of (rows, *input_shape) and (rows) or (rows, num_targets), memory-mapped.

    `task` names the class of the task that is to learn them. Two more arrays can be the test split.
    """

    def __init__(
        self,
        path: Location,
        target_path: Location,
        task: str = "",
        input_shape: Sequence[int] | None = None,
        channels_last: bool = False,
        test_path: Location | None = None,
        test_target_path: Location | None = None,
        **shared: Any,
    ) -> None:
        super().__init__(**shared)
        if (test_path is None) != (test_target_path is None):
            raise ConfigError("data.test_target_path: expected beside data.test_path, and neither alone")
        self.folded = {"fold": list(input_shape or ()), "channels_last": channels_last}
        self.open = partial(open_inputs, input_shape=input_shape, channels_last=channels_last)
        self.paths = {"train": (path, target_path)}
        if test_path is not None and test_target_path is not None:
            self.paths["test"] = (test_path, test_target_path)
        targets = open_targets(target_path)
        kind, shape = kind_of(task), tuple(self.open(path).shape[1:])
        if targets.ndim > 2 or (kind == "class" and targets.size > len(targets)):
            form = "(rows)" if kind == "class" else "(rows) or (rows, numbers)"
            raise DataError(f"{target_path}: expected an array of {form}, got {targets.shape}")
        self.width = targets.shape[1:]
        self.values = np.unique(targets) if kind == "class" else np.empty(0)
        names = class_names(self.values, str(target_path), len(targets)) if kind == "class" else ()
        self.spec = DataSpec(shape, kind, len(names) or targets.size // len(targets), names)

    def reading(self) -> dict[str, Any]:
        """Arrays are folded and turned as these are."""
        return {**super().reading(), **self.folded}

    def make_splits(self) -> dict[str, Split]:
        """The rows under `train`, `val` and `test`, which may have arrays of its own."""
        splits = {name: self._pair(*paths) for name, paths in self.paths.items()}
        missing = [name for name in ("val", "test") if name not in splits]
        return {**splits, **self.divide(splits["train"], missing)}

    def _pair(self, path: Location, target_path: Location) -> Split:
        inputs, targets = self.open(path), open_targets(target_path)
        if len(inputs) != len(targets):
            raise DataError(f"{target_path}: expected {len(inputs)} rows as in {path}, got {len(targets)}")
        if targets.shape[1:] != self.width:
            raise DataError(f"{target_path}: expected rows of {self.width} numbers, got {targets.shape[1:]}")
        if self.spec.target == "class":
            flat = targets.reshape(-1)
            unknown = flat[~np.isin(flat, self.values)]
            if len(unknown):
                known = self.paths["train"][1]
                raise DataError(f"{target_path}: expected the classes of {known}, got {unknown[0]}")
            targets = np.searchsorted(self.values, flat)
        return Split(inputs, torch.from_numpy(targets), reopen=partial(self.open, path))
