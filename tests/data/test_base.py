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


def test_statistics_come_from_the_training_split_alone() -> None:
    data = blobs()
    before = data.statistics
    for name in ("val", "test"):
        inputs, targets = data.splits[name][:]
        data.splits[name] = Split(inputs * 1000, targets)
    torch.testing.assert_close(before.input_shift, data.splits["train"][:][0].mean(0))
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
    assert data.splits["test"][:][0].unique().tolist() == [6.0]


class Given(DataModule):
    """Rows as a test gives them."""

    def __init__(self, spec: DataSpec, inputs: Tensor, targets: Tensor) -> None:
        super().__init__()
        self.spec, self.rows = spec, Split(inputs, targets)

    def load(self) -> Split:
        return self.rows


def test_targets_in_the_natural_form_of_a_table_are_taken() -> None:
    numbers = Given(DataSpec((2,), "real", 1), torch.randn(40, 2), torch.arange(40))
    classes = Given(DataSpec((2,), "class", 2), torch.randn(40, 2), (torch.arange(40) % 2).double())
    numbers.setup()
    classes.setup()
    assert numbers.splits["val"][:][1].shape == (6, 1)
    assert numbers.splits["val"].targets.dtype == torch.float32
    assert classes.splits["val"].targets.dtype == torch.int64


@pytest.mark.parametrize(
    ("spec", "inputs", "targets", "message"),
    [
        (DataSpec((3,), "real", 1), torch.zeros(40, 2), torch.zeros(40), r"shape \(2,\), expected \(3,\)"),
        (
            DataSpec((2,), "real", 1),
            torch.full((40, 2), torch.nan),
            torch.zeros(40),
            "inputs that are not finite",
        ),
        (
            DataSpec((2,), "real", 1),
            torch.zeros(40, 2),
            torch.full((40,), torch.inf),
            "targets that are not finite",
        ),
        (
            DataSpec((2,), "class", 2),
            torch.zeros(40, 2),
            torch.full((40,), 2),
            "the class 2, expected 0 to 1",
        ),
        (
            DataSpec((2,), "class", 2),
            torch.zeros(40, 2),
            torch.full((40,), 0.5),
            r"the class 0\.5, expected 0 to 1",
        ),
    ],
)
def test_rows_that_are_not_what_the_spec_says_are_told(
    spec: DataSpec, inputs: Tensor, targets: Tensor, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        Given(spec, inputs, targets).setup()
