"""Rows that stay on the device that trains: each tensor goes there once, and nothing else changes."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from kindling.data.blobs import Blobs
from kindling.data.loader import BatchOrder, MemoryLoader, Split
from kindling.data.resident import moved
from kindling.run.resume import is_free

META = torch.device("meta")  # a device beside the CPU that every machine has, and no values


def blobs(device: torch.device | None = META, processes: tuple[int, int] = (0, 1), **settings: Any) -> Blobs:
    data = Blobs(rows=300, features=2, classes=3, on_device=True, **settings)
    data.setup()
    if device:
        rank, world_size = processes
        strategy = SimpleNamespace(root_device=device)
        stand_in: Any = SimpleNamespace(strategy=strategy, global_rank=rank, world_size=world_size)
        data.trainer = stand_in
    return data


def devices(loader: Any) -> set[str]:
    return {tensor.device.type for batch in loader for tensor in batch}


def test_every_batch_is_gathered_there() -> None:
    data = blobs()
    for loader in (data.train_dataloader(), data.val_dataloader(), data.test_dataloader()):
        assert devices(loader) == {"meta"}
    sizes = [len(targets) for _, targets in data.train_dataloader()]
    assert sizes == [len(rows) for rows in BatchOrder(len(data.splits["train"]), 32, True, 0)]


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of what goes to a device that keeps values."""
    gone: list[int] = []

    def copy(tensor: Tensor, *_: Any, **__: Any) -> Tensor:
        gone.append(tensor.numel())
        return tensor.clone()

    monkeypatch.setattr(Tensor, "to", copy)
    return gone


def test_what_splits_share_goes_there_once_and_batches_take_row_numbers_along_alone(
    copies: list[int],
) -> None:
    whole = Split(torch.randn(50, 3), torch.arange(50))
    splits = {"train": whole.only(slice(40)), "val": whole.only(slice(40, None))}
    there = moved(splits, META)
    assert sorted(copies) == [10, 40, 50, 150]
    assert there["train"].inputs is there["val"].inputs
    copies.clear()
    for name, split in splits.items():
        pairs = zip(
            MemoryLoader(there[name], BatchOrder(len(split), 8, True, 0)),
            MemoryLoader(split, BatchOrder(len(split), 8, True, 0)),
            strict=True,
        )
        for found, expected in pairs:
            assert all(torch.equal(*both) for both in zip(found, expected, strict=True))
    assert max(copies) <= 10


def test_another_loader_copies_nothing_again() -> None:
    data = blobs()
    data.train_dataloader()
    before = data.resident["train"].inputs
    data.train_dataloader()
    assert data.resident["train"].inputs is before


@pytest.mark.parametrize("balanced", [False, True])
def test_splits_statistics_and_fingerprint_stay_here(balanced: bool) -> None:
    here, there = blobs(device=None, balanced=balanced), blobs(balanced=balanced)
    assert devices(there.train_dataloader()) == {"meta"}
    assert there.identity == here.identity
    assert torch.equal(there.statistics.input_shift, here.statistics.input_shift)
    assert there.splits["val"].inputs.device.type == "cpu"


def test_each_of_several_processes_takes_its_share_from_its_own_device() -> None:
    found = [blobs(processes=(rank, 2), batch_size=16) for rank in (0, 1)]
    rows = [sum(len(targets) for _, targets in data.train_dataloader()) for data in found]
    assert rows == [98, 97]


def test_a_set_too_large_for_memory_is_read_by_workers_on_a_cpu_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kindling.data.base.virtual_memory", lambda: SimpleNamespace(available=100))
    assert isinstance(blobs(torch.device("cpu")).train_dataloader(), DataLoader)
    assert isinstance(blobs().train_dataloader(), MemoryLoader)


def test_it_changes_no_bit_on_a_cpu(fitted: Callable[..., tuple[Any, Any, Any]]) -> None:
    words = ["data=wine", "model=mlp", "debug=limit"]
    found = [fitted(*words, f"data.on_device={told}")[1].state_dict() for told in ("true", "false")]
    assert all(torch.equal(found[0][name], value) for name, value in found[1].items())


def test_a_run_may_go_on_with_and_without() -> None:
    assert is_free("data.on_device")


def test_it_makes_no_sense_with_rows_that_workers_read(mistakes: Callable[..., str]) -> None:
    assert mistakes("data.on_device=true", "data.in_memory=false") == (
        "data.on_device: expected false beside data.in_memory=false, got true; leave one of them out"
    )
    assert mistakes("data.on_device=true", "data.in_memory=true") == ""
