"""Batches of a dataset, gathered a whole batch at a time."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import get_worker_info

PART = 2**18  # numbers that are looked at together: no slower than more, and all may not fit into memory

BEGINNING = 2**23  # numbers that tell enough of a set: 2,730 photos of 32×32


class Split:
    """Rows of a set by their numbers, so that splitting copies nothing.

    `reopen` gives the inputs again to a worker that starts afresh: without it they are sent there.
    """

    def __init__(
        self,
        inputs: Tensor,  # (all rows, *input_shape)
        targets: Tensor,  # (all rows) of class numbers, or (all rows, num_targets) of values
        rows: Tensor | None = None,
        reopen: Callable[[], Tensor] | None = None,
    ) -> None:
        self.inputs = inputs
        self.targets = targets
        self.rows = torch.arange(len(targets)) if rows is None else rows
        self.reopen = reopen

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, picked: Tensor | NDArray[np.int64] | slice) -> tuple[Tensor, Tensor]:
        """Inputs and targets of some of its rows."""
        rows = self.rows[picked]
        # for images of bytes index_select takes a fifth of the time of inputs[rows]
        return torch.index_select(self.inputs, 0, rows, out=self._shared(len(rows))), self.targets[rows]

    def only(self, picked: Tensor | slice) -> "Split":
        """Some of its rows, as a split of their own."""
        return Split(self.inputs, self.targets, self.rows[picked], self.reopen)

    def parts(self) -> Iterator[Tensor]:
        """All its inputs, a part of bounded size after the other."""
        step = max(1, PART // max(1, self.inputs[:1].numel()))
        for start in range(0, len(self), step):
            yield self[start : start + step][0]

    def evenly(self) -> Tensor:
        """A weight for each row by which every class is drawn as often as any other."""
        labels = self.targets[self.rows]
        return 1 / labels.bincount()[labels]

    def beginning(self) -> Tensor:
        """Its first inputs, some thousands of small ones."""
        return self[: max(1, BEGINNING // self.inputs[:1].numel())][0]

    def _shared(self, rows: int) -> Tensor | None:
        """In a worker, room that other processes see: what went there by way of the heap would crowd it."""
        if get_worker_info() is None:
            return None
        room: Tensor = self.inputs.new_empty(rows, *self.inputs.shape[1:]).share_memory_()
        return room

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "inputs": None if self.reopen else self.inputs}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if self.reopen:
            self.inputs = self.reopen()


def derive_seed(*numbers: int) -> int:
    """A seed of its own for every combination of numbers; torch's CPU generator reads 32 bits of it."""
    return int.from_bytes(hashlib.sha256(repr(numbers).encode()).digest()[:4], "big")


def reseed(device: torch.device, seed: int) -> None:
    """Let what is drawn next depend on the seed; torch.manual_seed would look for other devices too."""
    torch.default_generator.manual_seed(seed)
    if device.type != "cpu":
        torch.get_device_module(device).manual_seed(seed)


class BatchOrder:
    """Which rows each batch takes: a function of (seed, epoch) alone, for any restart.

    With several processes each takes its share of every batch, so that all do the same number of
    steps. A last batch of a single row a process joins the one before: batch norm needs two.
    With `weights` rows are drawn anew each epoch, as often as their weight says, instead of shuffled.
    A run that goes on starts at a batch of an epoch.
    """

    def __init__(
        self,
        rows: int,
        batch_size: int,
        shuffle: bool,
        seed: int,
        rank: int = 0,
        world_size: int = 1,
        weights: Tensor | None = None,
        start: tuple[int, int] = (0, 0),
    ) -> None:
        self.rows = rows
        self.shuffle = shuffle
        self.seed = seed
        self.rank = rank
        self.world_size = world_size
        self.weights = weights
        self.epoch, _ = self.start = start
        whole, rest = divmod(rows, batch_size * world_size)
        self.sizes = [batch_size * world_size] * whole
        if rest >= 2 * world_size or not whole:
            self.sizes.append(rest)
        else:
            self.sizes[-1] += rest

    def set_epoch(self, epoch: int) -> None:
        """Called by Lightning before each epoch."""
        self.epoch = epoch

    def __len__(self) -> int:
        return len(self.sizes)

    def __iter__(self) -> Iterator[Tensor]:
        first = self.start[1] if self.epoch == self.start[0] else 0
        for rows in self._order().split(self.sizes)[first:]:
            yield rows[self.rank :: self.world_size]

    def _order(self) -> Tensor:
        if not self.shuffle:
            return torch.arange(self.rows)
        generator = torch.Generator().manual_seed(derive_seed(self.seed, self.epoch))
        if self.weights is None:
            return torch.randperm(self.rows, generator=generator)
        upto = self.weights.double().cumsum(0)  # torch.multinomial ends at 2**24 rows
        drawn = torch.rand(self.rows, generator=generator, dtype=torch.float64) * upto[-1]
        return torch.searchsorted(upto, drawn, right=True).clamp(max=self.rows - 1)


def position(trainer: Any) -> tuple[int, int]:
    """Epoch and batch that come next in the training; what an epoch that has ended counted is past."""
    if trainer is None:
        return 0, 0
    epoch, batch = trainer.fit_loop.epoch_progress.current, trainer.fit_loop.epoch_loop.batch_progress.current
    return epoch.processed, 0 if epoch.processed == epoch.started else batch.processed


class MemoryLoader:
    """Yields (inputs, targets) of one split, in the order that `sampler` says."""

    batch_sampler = None  # Lightning looks at both

    def __init__(self, split: Split, sampler: BatchOrder) -> None:
        self.split = split
        self.sampler = sampler

    def __len__(self) -> int:
        return len(self.sampler)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        device = self.split.rows.device
        for rows in self.sampler:
            yield self.split[rows.to(device, non_blocking=True)]
