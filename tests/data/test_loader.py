"""Batches follow (seed, epoch) alone and are shared out without loss."""

import pickle
from functools import partial

import pytest
import torch

from kindling.data.loader import PART, BatchOrder, MemoryLoader, Split, derive_seed


def rows_of(order: BatchOrder) -> list[int]:
    return torch.cat(list(order)).tolist()


def test_each_epoch_has_an_order_of_its_own_that_comes_again() -> None:
    order, again = (BatchOrder(50, 8, shuffle=True, seed=0) for _ in range(2))
    first = rows_of(order)
    order.set_epoch(3)
    again.set_epoch(3)
    assert rows_of(order) == rows_of(again) != first
    assert sorted(rows_of(order)) == list(range(50))


def test_without_shuffling_rows_keep_their_order() -> None:
    order = BatchOrder(10, 4, shuffle=False, seed=0)
    order.set_epoch(5)
    assert rows_of(order) == list(range(10))


@pytest.mark.parametrize("rows", [1, 2, 31, 32, 33, 34, 65, 97])
@pytest.mark.parametrize("world_size", [1, 2, 3])
def test_ranks_share_every_row_in_the_same_number_of_steps(rows: int, world_size: int) -> None:
    orders = [BatchOrder(rows, 8, True, 0, rank, world_size) for rank in range(world_size)]
    assert len({len(list(order)) for order in orders}) == 1
    assert sorted(row for order in orders for row in rows_of(order)) == list(range(rows))


def test_a_single_row_joins_the_batch_before() -> None:
    assert [len(batch) for batch in BatchOrder(33, 16, shuffle=False, seed=0)] == [16, 17]


def test_inputs_and_targets_stay_together() -> None:
    split = Split(torch.arange(20.0).reshape(20, 1), torch.arange(20))
    for inputs, targets in MemoryLoader(split, BatchOrder(20, 6, shuffle=True, seed=0)):
        assert torch.equal(inputs[:, 0], targets.float())


def test_seeds_differ_in_the_bits_that_torch_reads() -> None:
    seeds = {derive_seed(seed, epoch) for seed in range(30) for epoch in range(30)}
    assert len(seeds) == 900
    assert max(seeds) < 2**32


def test_a_split_of_a_split_copies_nothing() -> None:
    split = Split(torch.arange(20.0).reshape(20, 1), torch.arange(20)).only(torch.tensor([3, 5, 7, 9]))
    part = split.only(slice(2))
    assert part[:][1].tolist() == [3, 5]
    assert part.inputs.data_ptr() == split.inputs.data_ptr()


def test_parts_are_bounded_and_hold_every_row() -> None:
    split = Split(torch.zeros(5, PART // 2), torch.arange(5))
    assert [len(part) for part in split.parts()] == [2, 2, 1]


def test_a_split_that_can_be_reopened_travels_without_its_inputs() -> None:
    split = Split(torch.zeros(1000, 100), torch.arange(1000), reopen=partial(torch.zeros, 1000, 100))
    sent = pickle.dumps(split)
    assert len(sent) < 50_000
    assert torch.equal(pickle.loads(sent)[:][0], split[:][0])


def test_weights_say_how_often_a_row_is_drawn() -> None:
    weights = torch.tensor([0.0, 1.0, 3.0])[torch.arange(3000) % 3]
    order = BatchOrder(3000, 64, shuffle=True, seed=0, weights=weights)
    kinds = (torch.tensor(rows_of(order)) % 3).bincount(minlength=3)
    assert kinds[0] == 0
    assert kinds[2] / kinds[1] == pytest.approx(3, rel=0.15)
    again = BatchOrder(3000, 64, shuffle=True, seed=0, weights=weights)
    assert rows_of(order) == rows_of(again)
