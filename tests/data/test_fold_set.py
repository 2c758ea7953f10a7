"""Sets in folds: which rows of each set validate, and what is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from kindling.data.base import DataModule
from kindling.data.blobs import Blobs
from kindling.data.bundled import Bundled
from kindling.data.csv import CSV
from kindling.data.image_folder import ImageFolder
from kindling.data.loader import Split
from kindling.data.npy import Npy
from kindling.data.spec import DataSpec
from kindling.data.timeseries import TimeSeries
from kindling.error import ConfigError, DataError
from tests.data.conftest import draw_classes

CLASS, REAL = "kindling.task.classification.Classification", "kindling.task.regression.Regression"
Make = Callable[[int], DataModule]


def require_folds(make: Make, count: int, shares_rows: bool = False) -> None:
    """Each row is tested in all folds, or validates in one and trains in the others.

    Of rows that share others with their neighbours, as windows do, fewer train.
    """
    all_splits = []
    for number in range(count):
        data = make(number)
        data.setup()
        all_splits.append({name: sorted(split.rows.tolist()) for name, split in data.splits.items()})
    validated = sorted(row for splits in all_splits for row in splits["val"])
    assert len(set(validated)) == len(validated)
    assert all(splits["test"] == all_splits[0]["test"] for splits in all_splits)
    known = [sorted(splits["train"] + splits["val"]) for splits in all_splits]
    assert all(set(rows) < set(validated) if shares_rows else rows == validated for rows in known)


@pytest.mark.parametrize("horizon", [1, 3])
def test_a_series_shows_no_row_of_the_block_in_training(horizon: int, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("\n".join(["sales", *map(str, range(120))]))

    def make(number: int) -> TimeSeries:
        path = str(tmp_path / "s.csv")
        return TimeSeries(path, "sales", steps=6, horizon=horizon, folds=4, fold=number)

    for number in range(4):
        data = make(number)
        data.setup()
        val = data.splits["val"].rows.tolist()
        assert val == [*range(val[0], val[-1] + 1)]
        assert data.names("val")["row"][0] == val[0] + 5
        rows = {name: seen(split) for name, split in data.splits.items()}
        assert not rows["train"] & rows["val"]
        assert max(rows["test"]) == 119
    require_folds(make, 4, shares_rows=True)


def seen(split: Split) -> set[float]:
    inputs, targets = split[:]
    return {*inputs.flatten().tolist(), *targets.flatten().tolist()}


def table(folder: Path, *, test: str = "") -> dict[str, Any]:
    lines = [f"p{row * row % 11},{row},{row % 2}" for row in range(110)]
    (folder / "table.csv").write_text("\n".join(["patient,size,good", *lines]))
    if test:
        (folder / "test.csv").write_text(f"patient,size,good\n{test}\n")
    named = {"test_path": str(folder / "test.csv")} if test else {}
    return {"path": str(folder / "table.csv"), "target": "good", "task": CLASS, "group": "patient", **named}


def patients(data: CSV, name: str) -> set[str]:
    return {f"p{row * row % 11}" for row in data.splits[name].rows.tolist()}


@pytest.mark.parametrize("folds", [{}, {"folds": 3, "fold": 1}])
def test_a_patient_is_in_one_split_and_no_feature(folds: dict[str, int], tmp_path: Path) -> None:
    data = CSV(**table(tmp_path), **folds)
    data.setup()
    train, val, test = (patients(data, name) for name in ("train", "val", "test"))
    assert len(train | val | test) == len(train) + len(val) + len(test)
    assert data.spec.feature_names == ("size",)


def test_grouped_rows_validate_once(tmp_path: Path) -> None:
    require_folds(lambda number: CSV(**table(tmp_path), folds=3, fold=number), 3)


def test_an_official_test_file_has_other_patients(tmp_path: Path) -> None:
    CSV(**table(tmp_path, test="q1,3,1"), folds=3).setup()
    with pytest.raises(DataError, match=r"test\.csv, column patient: expected other values .*got p4"):
        CSV(**table(tmp_path, test="q1,3,1\np4,3,0"), folds=3).setup()


def test_a_row_without_a_group_is_told(tmp_path: Path) -> None:
    settings = table(tmp_path)
    Path(settings["path"]).write_text("patient,size,good\na,1,0\n,2,1\nb,3,0\nb,4,1\n")
    with pytest.raises(DataError, match=r"line 3, column patient: expected a group, got none; fill it in"):
        CSV(**settings).setup()
    with pytest.raises(ConfigError, match=r"data\.group: expected another column than the target"):
        CSV(**{**settings, "group": "good"})


def test_sets_of_every_form_are_folded(tmp_path: Path, sets: Path) -> None:
    np.save(tmp_path / "x.npy", np.random.default_rng(0).random((50, 4)))
    np.save(tmp_path / "y.npy", np.arange(50.0) ** 2)
    arrays = (str(tmp_path / "x.npy"), str(tmp_path / "y.npy"), REAL)
    draw_classes(sets / "val", grey=30, each=3)
    makers: list[Make] = [
        lambda number: Blobs(60, 2, 3, folds=4, fold=number),
        lambda number: Bundled("wine", "class", folds=4, fold=number),
        lambda number: Npy(*arrays, folds=4, fold=number),
        lambda number: ImageFolder(str(sets), root=str(tmp_path / "cache"), folds=4, fold=number),
    ]
    for make in makers:
        require_folds(make, 4)


def test_images_of_val_are_folded_with_those_of_train(tmp_path: Path, sets: Path) -> None:
    draw_classes(sets / "val", grey=30, each=3)
    data = ImageFolder(str(sets), root=str(tmp_path / "cache"), folds=2)
    data.setup()
    assert data.identity["rows"] == {"train": 13, "val": 13, "test": 4}


def test_numbers_to_predict_are_even_by_tenths(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((1000, 1)))
    np.save(tmp_path / "y.npy", np.random.default_rng(0).permutation(np.arange(1000.0)))
    data = Npy(str(tmp_path / "x.npy"), str(tmp_path / "y.npy"), REAL, folds=8)
    data.setup()
    targets = data.splits["val"][:][1]
    assert ((targets // 100).long()[:, 0].bincount() - 10).abs().max() <= 1


def test_what_shortens_or_balances_training_leaves_the_fold_alone() -> None:
    whole, short = (Blobs(300, 2, 3, folds=5, train_rows=rows, balanced=True) for rows in (None, 12))
    for data in (whole, short):
        data.setup()
    assert short.identity["rows"] == {"train": 12, "val": 48, "test": 60}
    assert torch.equal(whole.splits["val"].rows, short.splits["val"].rows)
    assert torch.equal(whole.splits["train"].rows[:12], short.splits["train"].rows)


def test_folds_are_told_apart() -> None:
    found = set()
    for number in range(3):
        data = Blobs(60, 2, 3, folds=3, fold=number)
        data.setup()
        found.add(data.fingerprint())
    assert len(found) == 3


class Official(DataModule):
    """A set with a validation split of its own."""

    spec = DataSpec((1,), "class", 2)

    def make_splits(self) -> dict[str, Split]:
        return {name: Split(torch.zeros(4, 1), torch.arange(4) % 2) for name in ("train", "val", "test")}


@pytest.mark.parametrize(
    ("make", "kind", "text"),
    [
        (lambda: Blobs(60, 2, 3, folds=1), ConfigError, "data.folds: expected 2 or more, got 1"),
        (lambda: Blobs(60, 2, 3, folds=3, fold=3), ConfigError, "data.fold: expected 0 to 2 with"),
        (lambda: Blobs(60, 2, 3, fold=3), ConfigError, "data.fold: expected it beside data.folds, got 3"),
        (lambda: Blobs(60, 2, 3, folds=17), DataError, "at most 16, as many rows of class . are not tested"),
        (lambda: Official(folds=3), ConfigError, "data.folds: expected null for Official, which has a val"),
    ],
)
def test_folds_that_cannot_be_are_told(make: Callable[[], DataModule], kind: type, text: str) -> None:
    with pytest.raises(kind, match=text):
        make().setup()
