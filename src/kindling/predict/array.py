"""Raw inputs of any kind become batches of tensors; each kind has a module beside this one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from math import prod
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from kindling.data.spec import DataSpec, describe_shape
from kindling.data.tidy import first_not_finite
from kindling.error import DataError
from kindling.source.path import user_path
from kindling.source.target import open_array
from kindling.source.text import STANDARD_INPUT

NUMBERS = "biuf"  # the kinds of numpy's types that hold some


class Batch(NamedTuple):
    """Rows to predict, with what tells them apart by the name of its column."""

    names: dict[str, Sequence[Any]]
    inputs: Tensor  # (rows, *input_shape)


class Reader:
    """Reads arrays of raw values, as any kind may come; a subclass reads files of its own kind as well.

    Each kind raises DataError where an input is not what the run was trained on.
    """

    def __init__(self, reading: Mapping[str, Any], spec: DataSpec, batch_size: int) -> None:
        self.reading = reading
        self.spec = spec
        self.batch_size = batch_size

    def read(self, raw: Any) -> Iterator[Batch]:
        """Paths, an array, or rows as Python has them."""
        if holds_numbers(raw):
            return self.array(torch.as_tensor(raw), "input")
        if isinstance(raw, str | PathLike):
            return self.files([raw])
        if not isinstance(raw, Iterable) or isinstance(raw, Mapping):
            raise DataError(f"input: expected rows, an array or paths, got {type(raw).__name__}")
        values = iter(raw)
        first = next(values, None)
        if first is None:
            raise DataError("input: expected rows, got none")
        values = chain([first], values)
        if isinstance(first, str | PathLike):
            return self.files(list(values))
        return self.samples(values) if holds_numbers(first) else self.values(values)

    def files(self, paths: Sequence[str | PathLike[str]]) -> Iterator[Batch]:
        """One after another; where there are several, their rows are told apart by the file."""
        for path in (one if isinstance(one, Path) else user_path(str(one)) for one in paths):
            if path is not STANDARD_INPUT and not path.exists():
                raise DataError(f"{path}: expected a file to predict, got nothing there; name another")
            is_array = path.suffix == ".npy"
            found = (
                self.array(torch.from_numpy(open_array(str(path), "path")), str(path)) if is_array else None
            )
            for batch in self.open(path) if found is None else found:
                names = {"file": [str(path)] * len(batch.inputs), **batch.names}
                yield batch if len(paths) == 1 else Batch(names, batch.inputs)

    def open(self, path: Path) -> Iterator[Batch]:
        """The rows of a file of the kind."""
        raise DataError(f"{path}: expected a .npy file with {describe_shape(self.spec.input_shape)}")

    def values(self, values: Iterator[Any]) -> Iterator[Batch]:
        """Rows as Python has them: numbers in lists in lists."""
        return self.samples(values)

    def samples(self, values: Iterator[Any]) -> Iterator[Batch]:
        """Arrays or lists of numbers, one a row."""
        rows = list(values)
        try:
            found = torch.stack(rows) if isinstance(rows[0], Tensor) else torch.as_tensor(np.array(rows))
        except (ValueError, TypeError, RuntimeError):  # of all that isn't a number, or not as many everywhere
            told = f"expected {describe_shape(self.spec.input_shape)}"
            raise DataError(f"input: {told}, got others or none; mend them") from None
        return self.array(found, "input")

    def array(self, found: Tensor, where: str) -> Iterator[Batch]:
        """Rows (rows, *input_shape), or as the training's own arrays were before they were folded."""
        found = self._arranged(found, where)
        for start in range(0, len(found), self.batch_size):
            part = found[start : start + self.batch_size]
            wrong = first_not_finite([part])
            if wrong is not None:
                raise DataError(f"{where}, row {start + wrong}: expected finite numbers; mend them")
            yield Batch({"row": range(start, start + len(part))}, part)

    def _arranged(self, found: Tensor, where: str) -> Tensor:
        expected, got = tuple(self.spec.input_shape), tuple(found.shape)
        fold = self.reading.get("fold")
        if got[1:] != expected and fold and prod(got[1:]) == prod(fold):
            found = found.reshape(-1, *fold)
        if tuple(found.shape[1:]) != expected and self.reading.get("channels_last") and found.ndim == 4:
            found = found.permute(0, 3, 1, 2)  # (rows, channels, height, width)
        if tuple(found.shape[1:]) != expected or not len(found):
            shape = ", ".join(map(str, ("rows", *expected)))
            raise DataError(f"{where}: expected an array of ({shape}), got {got}; bring it to that shape")
        return found


def holds_numbers(value: Any) -> bool:
    """Whether it is an array of some."""
    return isinstance(value, Tensor) or (isinstance(value, np.ndarray) and value.dtype.kind in NUMBERS)


def usual_batch(spec: DataSpec, device: torch.device) -> int:
    """How many rows fit a batch: fewer of large ones.

    Of images a convolution makes many times their numbers, which a processor's cache should hold.
    """
    cached = device.type == "cpu" and len(spec.input_shape) == 3
    return max(1, min(1024, (2**18 if cached else 2**22) // prod(spec.input_shape)))
