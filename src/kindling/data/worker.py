"""Batches that other processes read ahead."""

import signal
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader

from kindling.data.loader import BatchOrder, Split


class Sent:
    """An order on its way to workers: a tensor would take a file, and a thread here that hands it over."""

    def __init__(self, order: BatchOrder) -> None:
        self.order = order

    def set_epoch(self, epoch: int) -> None:
        """Called by Lightning before each epoch."""
        self.order.set_epoch(epoch)

    def __len__(self) -> int:
        return len(self.order)

    def __iter__(self) -> Iterator[NDArray[np.int64]]:
        return (rows.numpy() for rows in self.order)


def leave_signals(_: int) -> None:
    """Ctrl-C reaches workers as well: the process that started them ends them, and tells it once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def worker_loader(split: Split, order: BatchOrder, workers: int) -> DataLoader[Any]:
    """The same batches in the same order, read ahead by other processes."""
    return DataLoader(
        split,  # type: ignore[arg-type]  # it takes a whole batch of row numbers, as the sampler gives them
        batch_size=None,
        sampler=Sent(order),
        num_workers=workers,
        persistent_workers=True,
        worker_init_fn=leave_signals,
        pin_memory=torch.cuda.is_available(),
    )
