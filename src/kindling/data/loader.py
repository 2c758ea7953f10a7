"""Batches of a dataset that fits in memory: rows are gathered a whole batch at a time."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor


class Split(NamedTuple):
    """The rows of one split."""

    inputs: Tensor  # (rows, *input_shape)
    targets: Tensor  # (rows) of class numbers, or (rows, num_targets) of values


def derive_seed(*numbers: int) -> int:
    """A seed of its own for every combination of numbers; torch's CPU generator reads 32 bits of it."""
    return int.from_bytes(hashlib.sha256(repr(numbers).encode()).digest()[:4], "big")


class BatchOrder:
    """Which rows each batch takes: a function of (seed, epoch) alone, for any restart.

    With several processes each takes its share of every batch, so that all do the same number of
    steps. A last batch of a single row a process joins the one before: batch norm needs two.
    """

    def __init__(
        self, rows: int, batch_size: int, shuffle: bool, seed: int, rank: int = 0, world_size: int = 1
    ) -> None:
        self.rows = rows
        self.shuffle = shuffle
        self.seed = seed
        self.rank = rank
        self.world_size = world_size
        self.epoch = 0
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
        order = torch.arange(self.rows)
        if self.shuffle:
            generator = torch.Generator().manual_seed(derive_seed(self.seed, self.epoch))
            order = torch.randperm(self.rows, generator=generator)
        for rows in order.split(self.sizes):
            yield rows[self.rank :: self.world_size]


class MemoryLoader:
    """Yields (inputs, targets) of one split, in the order that `sampler` says."""

    batch_sampler = None  # Lightning looks at both

    def __init__(self, split: Split, sampler: BatchOrder) -> None:
        self.split = split
        self.sampler = sampler

    def __len__(self) -> int:
        return len(self.sampler)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        inputs, targets = self.split
        for rows in self.sampler:
            yield inputs[rows], targets[rows]
