"""Workers give what is gathered here, and leave signals to the process that started them."""

import multiprocessing
import os
import signal
import sys
from multiprocessing import resource_sharer

import pytest
import torch

from kindling.data.loader import BatchOrder, MemoryLoader, Split
from kindling.data.worker import worker_loader


def test_workers_give_the_same_batches_in_every_epoch() -> None:
    split = Split(torch.randn(50, 3), torch.arange(50))
    orders = [BatchOrder(50, 8, shuffle=True, seed=0) for _ in range(2)]
    here, there = MemoryLoader(split, orders[0]), worker_loader(split, orders[1], workers=2)
    for epoch in (0, 1):
        for order in orders:
            order.set_epoch(epoch)
        for (inputs, targets), (others, labels) in zip(here, there, strict=True):
            assert torch.equal(inputs, others)
            assert torch.equal(targets, labels)


def test_nothing_is_served_to_workers_that_may_end_amid_it() -> None:
    sharer = resource_sharer._resource_sharer  # type: ignore[attr-defined]
    before = sharer._key  # counts what it has been given
    batches = list(worker_loader(Split(torch.randn(64, 3), torch.arange(64)), BatchOrder(64, 8, False, 0), 1))
    assert (len(batches), sharer._key) == (8, before)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_ctrl_c_is_left_to_the_process_that_started_the_workers() -> None:
    loader = worker_loader(
        Split(torch.zeros(64, 1), torch.arange(64)), BatchOrder(64, 8, False, 0), workers=2
    )
    batches = iter(loader)
    taken = [next(batches), next(batches)]  # one from each worker: both have begun
    for worker in multiprocessing.active_children():
        os.kill(worker.pid or 0, signal.SIGINT)
    assert torch.cat([targets for _, targets in (*taken, *batches)]).tolist() == list(range(64))
