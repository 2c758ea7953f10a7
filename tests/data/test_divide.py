"""Splits are stratified and follow the seed."""

import pytest
import torch

from kindling.data.divide import split_rows, tenths


def test_no_row_is_lost_or_shared() -> None:
    parts = split_rows(torch.arange(100) % 7, 0.15, 0.2, seed=0)
    assert torch.cat(list(parts.values())).sort().values.tolist() == list(range(100))


def test_every_split_has_each_label_in_the_same_share() -> None:
    labels = torch.tensor([0] * 200 + [1] * 100)
    for rows in split_rows(labels, 0.2, 0.2, seed=0).values():
        assert (labels[rows] == 1).float().mean() == pytest.approx(1 / 3)


def test_small_classes_do_not_shift_the_sizes() -> None:
    labels = torch.arange(60) % 20  # three rows each
    sizes = {name: len(rows) for name, rows in split_rows(labels, 0.15, 0.2, seed=0).items()}
    assert sizes == {"train": 39, "val": 9, "test": 12}


def test_the_seed_decides_the_split() -> None:
    labels = torch.zeros(50)
    first, again, other = (split_rows(labels, 0.2, 0.2, seed)["test"].tolist() for seed in (0, 0, 1))
    assert first == again != other


def test_numbers_are_spread_over_the_splits_by_size() -> None:
    values = torch.randn(1000)
    assert tenths(values).bincount().tolist() == [100] * 10
    assert values[tenths(values) == 0].max() <= values[tenths(values) == 9].min()
