"""Splits are stratified and follow the seed; what is measured comes from the training split alone."""

from typing import Any

import pytest
import torch
from torch import Tensor

from kindling.data.base import DataModule, split_rows, tenths
from kindling.data.blobs import Blobs
from kindling.data.loader import Split
from kindling.data.spec import DataSpec
from kindling.error import DataError


def blobs(**settings: Any) -> Blobs:
    data = Blobs(rows=300, features=2, classes=3, **settings)
    data.setup()
    return data


def test_no_row_is_lost_or_shared() -> None:
    parts = split_rows(torch.arange(100) % 7, 0.15, 0.2, seed=0)
    assert torch.cat(list(parts.values())).sort().values.tolist() == list(range(100))


def test_every_split_has_each_label_in_the_same_share() -> None:
    labels = torch.tensor([0] * 200 + [1] * 100)
    for rows in split_rows(labels, 0.2, 0.2, seed=0).values():
        assert (labels[rows] == 1).float().mean() == pytest.approx(1 / 3)


def test_the_seed_decides_the_split() -> None:
    labels = torch.zeros(50)
    first, again, other = (split_rows(labels, 0.2, 0.2, seed)["test"].tolist() for seed in (0, 0, 1))
    assert first == again != other


def test_numbers_are_spread_over_the_splits_by_size() -> None:
    values = torch.randn(1000)
    assert tenths(values).bincount().tolist() == [100] * 10
    assert values[tenths(values) == 0].max() <= values[tenths(values) == 9].min()


def test_statistics_come_from_the_training_split_alone() -> None:
    data = blobs()
    before = data.statistics
    for name in ("val", "test"):
        inputs, targets = data.splits[name]
        data.splits[name] = Split(inputs * 1000, targets)
    torch.testing.assert_close(before.input_shift, data.splits["train"].inputs.mean(0))
    assert torch.equal(before.input_shift, data.statistics.input_shift)


def test_train_rows_shorten_the_training_split_alone() -> None:
    rows = blobs(train_rows=5).describe()["rows"]
    assert rows == {**blobs().describe()["rows"], "train": 5}


def test_the_fingerprint_follows_the_rows() -> None:
    assert blobs().describe() == blobs().describe()
    assert blobs().describe()["sha256"] != blobs(seed=1).describe()["sha256"]


@pytest.mark.parametrize("settings", [{"val_fraction": 0.0}, {"test_fraction": 0.0}])
def test_an_empty_split_is_told(settings: dict[str, float]) -> None:
    (name,) = settings
    with pytest.raises(DataError, match=f"no rows, expected at least one; raise data.{name}"):
        blobs(**settings)


def test_a_set_with_official_splits_keeps_them() -> None:
    class Official(DataModule):
        spec = DataSpec((1,), "class", 2)

        def make_splits(self) -> dict[str, Split]:
            return {name: Split(*self.rows(size)) for name, size in {"train": 8, "val": 4, "test": 6}.items()}

        def rows(self, size: int) -> tuple[Tensor, Tensor]:
            return torch.full((size, 1), float(size)), torch.arange(size) % 2

    data = Official()
    data.setup()
    assert data.describe()["rows"] == {"train": 8, "val": 4, "test": 6}
    assert data.splits["test"].inputs.unique().tolist() == [6.0]
