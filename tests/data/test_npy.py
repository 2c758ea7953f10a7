"""Arrays are read where they lie, and what does not fit is told."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from kindling.data.npy import Npy
from kindling.error import ConfigError, DataError

CLASS, REAL = "kindling.task.classification.Classification", "kindling.task.regression.Regression"


def save(folder: Path, **arrays: Any) -> dict[str, str]:
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    return {name: str(folder / f"{name}.npy") for name in arrays}


def make(folder: Path, inputs: Any, targets: Any, task: str = CLASS, **settings: Any) -> Npy:
    paths = save(folder, x=inputs, y=targets)
    data = Npy(paths["x"], paths["y"], task, **settings)
    data.setup()
    return data


def test_rows_are_mapped_and_not_copied(tmp_path: Path) -> None:
    data = make(tmp_path, np.random.rand(200, 50), np.arange(200) % 3)
    assert data.spec.input_shape == (50,)
    assert data.spec.class_names == ("0", "1", "2")
    assert len(pickle.dumps(data.splits["train"])) < 200 * 50 * 8 / 4
    again = pickle.loads(pickle.dumps(data.splits["train"]))
    assert torch.equal(again[:][0], data.splits["train"][:][0])


def test_the_file_is_never_changed(tmp_path: Path) -> None:
    data = make(tmp_path, np.zeros((40, 2)), np.arange(40) % 2)
    before = (tmp_path / "x.npy").read_bytes()
    data.splits["train"].inputs += 1
    assert (tmp_path / "x.npy").read_bytes() == before


def test_classes_are_the_different_values(tmp_path: Path) -> None:
    data = make(tmp_path, np.arange(60.0)[:, None], np.array([5, 7, 9] * 20))
    inputs, targets = data.splits["train"][:]
    assert torch.equal(targets, inputs[:, 0].long() % 3)
    assert data.spec.class_names == ("5", "7", "9")


def test_several_numbers_are_predicted_at_once(tmp_path: Path) -> None:
    data = make(tmp_path, np.random.rand(60, 2), np.random.rand(60, 4), REAL)
    assert data.spec.num_targets == 4
    assert data.splits["val"][:][1].shape == (9, 4)


def test_rows_fold_and_channels_move(tmp_path: Path) -> None:
    rows = np.random.rand(40, 48).astype(np.float32)
    folded = make(tmp_path, rows, np.arange(40) % 2, input_shape=[3, 4, 4])
    assert folded.spec.input_shape == (3, 4, 4)
    last = make(tmp_path, rows.reshape(40, 4, 4, 3), np.arange(40) % 2, channels_last=True)
    assert last.spec.input_shape == (3, 4, 4)
    assert last.splits["train"].inputs[5, 2, 1, 3] == rows.reshape(40, 4, 4, 3)[5, 1, 3, 2]


def test_images_with_their_channels_last_are_told(tmp_path: Path) -> None:
    images = np.zeros((40, 6, 5, 3))
    with pytest.raises(
        ConfigError, match=r"seem to be \(height, width, channels\), add data.channels_last=true"
    ):
        make(tmp_path, images, np.arange(40) % 2)
    assert make(tmp_path, images, np.arange(40) % 2, input_shape=[6, 5, 3]).spec.input_shape == (6, 5, 3)


def test_other_arrays_can_be_the_test_split(tmp_path: Path) -> None:
    paths = save(tmp_path, tx=np.ones((3, 2)), ty=np.array([7, 5, 5]))
    settings = {"test_path": paths["tx"], "test_target_path": paths["ty"]}
    data = make(tmp_path, np.zeros((40, 2)), np.array([5, 7] * 20), **settings)
    assert data.splits["test"][:][1].tolist() == [1, 0, 0]
    assert len(data.splits["train"]) + len(data.splits["val"]) == 40


@pytest.mark.parametrize(
    ("inputs", "targets", "message"),
    [
        (np.zeros((40, 2)), np.arange(39) % 2, "expected 40 rows as in .*x.npy, got 39"),
        (np.full((40, 2), np.nan), np.arange(40) % 2, "inputs that are not finite"),
        (np.full((40, 2), 1e300), np.arange(40) % 2, "inputs that are not finite"),
        (
            np.zeros((40, 2)),
            [*[0.0, 1.0] * 19, 0, np.nan],
            "expected finite numbers, got nan in row 39; mend",
        ),
        (
            np.zeros((40, 2)),
            [*[0.0, 1.0] * 19, 0, np.inf],
            "expected finite numbers, got inf in row 39; mend",
        ),
        (np.zeros((40, 2)), np.zeros(40), "expected two classes or more, got only 0"),
        (np.zeros((40, 2)), np.zeros((40, 2)), r"expected an array of \(rows\), got \(40, 2\)"),
        (np.zeros(40), np.arange(40) % 2, r"expected rows of one to three axes, got \(40,\)"),
        (np.zeros((40, 1, 1, 1, 1)), np.arange(40) % 2, "expected rows of one to three axes"),
    ],
)
def test_what_does_not_fit_is_told(inputs: Any, targets: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=message):
        make(tmp_path, inputs, targets)


@pytest.mark.parametrize("kind", ["uint16", "uint64", "int8", "bool", ">f4", "longdouble", "float16"])
def test_numbers_of_any_kind_become_those_that_torch_works_with(kind: str, tmp_path: Path) -> None:
    inputs = np.arange(80).reshape(40, 2) % 2
    data = make(tmp_path, inputs.astype(kind), (np.arange(40) % 2).astype(kind), normalization="minmax")
    split = data.splits["train"]
    assert torch.equal(split.inputs.double(), torch.from_numpy(inputs).double())
    assert data.statistics.input_scale.isfinite().all()


@pytest.mark.parametrize("targets", [np.zeros((9, 2)), np.full((9, 1), np.nan)])
def test_test_targets_that_do_not_fit_are_told(targets: Any, tmp_path: Path) -> None:
    paths = save(tmp_path, tx=np.ones((9, 2)), ty=targets)
    settings = {"test_path": paths["tx"], "test_target_path": paths["ty"]}
    with pytest.raises(
        DataError, match=r"expected rows of \(1,\) numbers|expected finite numbers, got .*nan"
    ):
        make(tmp_path, np.zeros((40, 2)), np.random.rand(40, 1), REAL, **settings)


def test_a_row_that_is_not_finite_is_told_by_its_place_in_the_file(tmp_path: Path) -> None:
    inputs = np.zeros((40, 2))
    inputs[17, 1] = np.inf
    with pytest.raises(DataError, match="inputs that are not finite, the first in row 17; fill"):
        make(tmp_path, inputs, np.arange(40) % 2)


def test_a_class_that_training_lacks_is_told(tmp_path: Path) -> None:
    paths = save(tmp_path, tx=np.ones((3, 2)), ty=np.array([7, 5, 6]))
    settings = {"test_path": paths["tx"], "test_target_path": paths["ty"]}
    with pytest.raises(DataError, match=r"ty.npy: expected the classes of .*y.npy, got 6"):
        make(tmp_path, np.zeros((40, 2)), np.array([5, 7] * 20), **settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"input_shape": [5]}, r"data.input_shape: expected 2 numbers, as .* has them in \(2,\)"),
        ({"input_shape": [-2, -1]}, "data.input_shape: expected 2 numbers"),
        ({"channels_last": True}, "data.channels_last: expected images, got rows of"),
        ({"test_path": "x.npy"}, "data.test_target_path: expected beside data.test_path"),
    ],
)
def test_wrong_settings_are_told(settings: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=message):
        make(tmp_path, np.zeros((40, 2)), np.arange(40) % 2, **settings)
