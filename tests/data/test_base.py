"""What is measured comes from the training split alone; rows are what the spec says."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from kindling.data.base import DataModule
from kindling.data.blobs import Blobs
from kindling.data.loader import MemoryLoader, Split
from kindling.data.spec import DataSpec
from kindling.error import ConfigError, DataError


def blobs(**settings: Any) -> Blobs:
    data = Blobs(rows=300, features=2, classes=3, **settings)
    data.setup()
    return data


def test_statistics_come_from_the_training_split_alone() -> None:
    data = blobs()
    before = data.statistics
    for name in ("val", "test"):
        inputs, targets = data.splits[name][:]
        data.splits[name] = Split(inputs * 1000, targets)
    torch.testing.assert_close(before.input_shift, data.splits["train"][:][0].mean(0))
    assert torch.equal(before.input_shift, data.statistics.input_shift)


def test_train_rows_shorten_the_training_split_alone() -> None:
    rows = blobs(train_rows=5).identity["rows"]
    assert rows == {**blobs().identity["rows"], "train": 5}


def test_the_fingerprint_follows_the_rows() -> None:
    assert blobs().identity == blobs().identity
    assert blobs().identity["sha256"] != blobs(seed=1).identity["sha256"]


@pytest.mark.parametrize("settings", [{"val_fraction": 0.0}, {"test_fraction": 0.0}])
def test_an_empty_split_is_told(settings: dict[str, float]) -> None:
    (name,) = settings
    with pytest.raises(DataError, match=f"no rows, expected at least one; raise data.{name}"):
        blobs(**settings)


def test_some_rows_are_left_to_train() -> None:
    with pytest.raises(
        ConfigError, match=r"data\.test_fraction: expected below 0\.4 beside .*=0\.6, got 0\.4"
    ):
        blobs(val_fraction=0.6, test_fraction=0.4)


def test_a_set_with_official_splits_keeps_them() -> None:
    class Official(DataModule):
        spec = DataSpec((1,), "class", 2)

        def make_splits(self) -> dict[str, Split]:
            return {name: Split(*self.rows(size)) for name, size in {"train": 8, "val": 4, "test": 6}.items()}

        def rows(self, size: int) -> tuple[Tensor, Tensor]:
            return torch.full((size, 1), float(size)), torch.arange(size) % 2

    data = Official()
    data.setup()
    assert data.identity["rows"] == {"train": 8, "val": 4, "test": 6}
    assert data.splits["test"][:][0].unique().tolist() == [6.0]


class Given(DataModule):
    """Rows as a test gives them."""

    def __init__(self, spec: DataSpec, inputs: Tensor, targets: Tensor, **settings: Any) -> None:
        super().__init__(**settings)
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
            "inputs that are not finite, the first in row [0-9]+; fill",
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


def test_balanced_draws_every_class_equally_often() -> None:
    labels = torch.tensor([0] * 540 + [1] * 60)
    data = Given(DataSpec((2,), "class", 2), torch.randn(600, 2), labels, balanced=True)
    data.setup()
    drawn = torch.cat([targets for _, targets in data.train_dataloader()])
    assert drawn.float().mean() == pytest.approx(0.5, abs=0.08)
    assert torch.cat([targets for _, targets in data.val_dataloader()]).float().mean() == pytest.approx(0.1)


def test_classes_that_are_drawn_equally_often_need_no_weights() -> None:
    labels = torch.tensor([0] * 540 + [1] * 60)
    data = Given(DataSpec((2,), "class", 2), torch.randn(600, 2), labels, balanced=True)
    data.setup()
    assert data.statistics.class_counts.tolist() == [1, 1]


def test_balanced_makes_no_sense_for_numbers() -> None:
    with pytest.raises(ConfigError, match=r"data\.balanced: expected false for numbers to predict, got True"):
        Given(DataSpec((2,), "real", 1), torch.randn(40, 2), torch.randn(40), balanced=True).setup()


def test_what_does_not_fit_into_memory_is_read_by_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    data = blobs()
    assert isinstance(data.train_dataloader(), MemoryLoader)
    monkeypatch.setattr("kindling.data.base.virtual_memory", lambda: SimpleNamespace(available=100))
    assert isinstance(data.train_dataloader(), DataLoader)
    assert isinstance(blobs(in_memory=True).train_dataloader(), MemoryLoader)
    monkeypatch.undo()
    assert isinstance(blobs(in_memory=False).train_dataloader(), DataLoader)


def test_classes_are_counted_in_the_training_split() -> None:
    data = blobs()
    assert data.statistics.class_counts.tolist() == data.splits["train"][:][1].bincount().tolist()


def test_bytes_have_the_same_statistics_as_numbers() -> None:
    inputs = torch.randint(0, 256, (50, 3, 4, 4), dtype=torch.uint8)
    found = []
    for given in (inputs, inputs.double()):
        data = Given(DataSpec((3, 4, 4), "class", 2), given, torch.arange(50) % 2)
        data.setup()
        found.append(data.statistics)
    torch.testing.assert_close(found[0].input_shift, found[1].input_shift)
    torch.testing.assert_close(found[0].input_scale, found[1].input_scale)


def test_a_checkpoint_says_which_data_they_are_and_the_place_in_them() -> None:
    data = blobs()
    assert data.state_dict() == {**data.identity, "world_size": 1, "start": [0, 0]}


@pytest.mark.parametrize(
    ("shape", "dtype", "expected"),
    [
        ((2,), torch.float32, {"kind": "table", "names": ["0", "1"], "header": False}),
        ((1, 4, 4), torch.uint8, {"kind": "image", "mode": "grey"}),
        ((3, 4, 4), torch.uint8, {"kind": "image", "mode": "rgb"}),
        ((3, 4, 4), torch.float32, {"kind": "array"}),
        ((2, 4, 4), torch.uint8, {"kind": "array"}),
        ((5, 3), torch.uint8, {"kind": "array"}),
    ],
)
def test_the_shape_of_samples_says_how_raw_ones_are_read(
    shape: tuple[int, ...], dtype: torch.dtype, expected: dict[str, Any]
) -> None:
    data = Given(DataSpec(shape, "class", 2), torch.zeros(50, *shape, dtype=dtype), torch.arange(50) % 2)
    data.setup()
    assert expected.items() <= data.reading().items()


def test_a_target_is_expected_for_each_input() -> None:
    class Uneven(Blobs):
        def load(self) -> Split:
            rows = super().load()
            return Split(rows.inputs[:100], rows.targets[:50])

    with pytest.raises(DataError, match="expected a target for each input, got 100 and 50"):
        Uneven(rows=200, features=2, classes=3).setup()
