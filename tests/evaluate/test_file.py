"""Another file of the same kind, with its targets."""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from kindling.data.spec import DataSpec
from kindling.error import DataError
from kindling.evaluate.file import class_numbers, file_rows
from kindling.predictor import make_reader

COLUMNS = [
    {"name": "age", "categories": [], "fill": None},
    {"name": "town", "categories": ["Oslo", "Rome"], "fill": None},
]
TABLE = {"kind": "table", "columns": COLUMNS, "names": ["id", "age", "town", "happy"], "header": True} | {
    "target": "happy",
    "id": "id",
    "delimiter": "auto",
}
HAPPY = DataSpec((3,), "class", 2, ("no", "yes"))
SERIES = {"kind": "series", "columns": [{"name": "sales", "categories": [], "fill": None}]} | {
    "names": ["day", "sales"],
    "header": True,
    "delimiter": "auto",
    "steps": 3,
}


def read(
    reading: dict[str, Any], spec: DataSpec, path: Path, targets: Path | None = None, batch: int = 2
) -> tuple[torch.Tensor, torch.Tensor, Any]:
    rows = file_rows(make_reader(reading, spec, batch), spec, path, targets)
    inputs, found = (torch.cat(part) for part in zip(*rows.loader, strict=True))
    return inputs, found, rows.names()


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_a_table_has_its_target_in_any_place(name: str, tmp_path: Path) -> None:
    text = "town,happy,age,id\nRome,yes,30,a\nOslo,no,40,b\nRome,no,50,c\n"
    (tmp_path / name).write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    inputs, targets, names = read(TABLE, HAPPY, tmp_path / name)
    assert inputs.tolist() == [[30, 0, 1], [40, 1, 0], [50, 0, 1]]
    assert targets.tolist() == [1, 0, 0]
    assert names == {"id": ["a", "b", "c"]}


def test_numbers_to_predict_are_read_as_numbers(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,age,town,happy\na,1,Rome,2.5\nb,2,Rome,3\n")
    assert read(TABLE, DataSpec((3,), "real", 1), tmp_path / "a.csv")[1].tolist() == [[2.5], [3.0]]


def test_a_table_without_a_header_goes_by_position(tmp_path: Path) -> None:
    columns = [{"name": at, "categories": [], "fill": None} for at in "02"]
    reading = {
        **TABLE,
        "columns": columns,
        "names": ["0", "1", "2"],
        "header": False,
        "target": "1",
        "id": None,
    }
    (tmp_path / "a.csv").write_text("5,1.0,6\n7,0,8\n")
    inputs, targets, names = read(reading, DataSpec((2,), "class", 2, ("0", "1")), tmp_path / "a.csv")
    assert (inputs.tolist(), targets.tolist(), names) == ([[5, 6], [7, 8]], [1, 0], {"row": [0, 1]})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id,age,town\na,1,Rome\n", "expected a column happy, got id, age, town"),
        (
            "id,age,town,happy\na,1,Rome,yes\nb,1,Rome,perhaps\n",
            "line 3, column happy: expected a class of no, yes",
        ),
        ("id,age,town,happy\na,1,Rome,yes\nb,1,Rome,\n", "line 3, column happy: expected a target, got none"),
        ("id,age,town,happy\na,old,Rome,yes\n", "line 2, column age"),
    ],
)
def test_what_is_wrong_in_a_table_is_told_with_its_line(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(DataError, match=told):
        read(TABLE, HAPPY, tmp_path / "a.csv")


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_each_window_of_a_series_has_what_follows_it(batch: int, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("day,sales\n" + "".join(f"{at},{10 * at}\n" for at in range(8)))
    spec = DataSpec((3, 1), "real", 2)
    inputs, targets, names = read(SERIES, spec, tmp_path / "a.csv", batch=batch)
    assert inputs[:, :, 0].tolist() == [[10 * (at + step) for step in range(3)] for at in range(4)]
    assert targets.tolist() == [[10 * (at + 3), 10 * (at + 4)] for at in range(4)]
    assert names == {"row": [2, 3, 4, 5]}


def test_a_series_without_anything_to_forecast_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("day,sales\n1,1\n2,2\n3,3\n4,4\n")
    with pytest.raises(DataError, match="expected 2 rows or more behind the first window"):
        read(SERIES, DataSpec((3, 1), "real", 2), tmp_path / "a.csv")


def test_images_lie_in_folders_by_class(tmp_path: Path) -> None:
    for name, shade in (("dog", 200), ("cat", 100)):
        (tmp_path / "set" / name).mkdir(parents=True)
        Image.new("L", (3, 2), shade).save(tmp_path / "set" / name / "1.png")
    spec = DataSpec((1, 2, 3), "class", 3, ("ant", "cat", "dog"))
    inputs, targets, names = read({"kind": "image", "mode": "grey"}, spec, tmp_path / "set")
    assert (inputs.amax((1, 2, 3)).tolist(), targets.tolist()) == ([100, 200], [1, 2])
    assert names == {"file": [str(tmp_path / "set" / name / "1.png") for name in ("cat", "dog")]}
    (tmp_path / "set" / "dog").rename(tmp_path / "set" / "fox")
    with pytest.raises(DataError, match="expected a class of ant, cat, dog, got fox"):
        read({"kind": "image", "mode": "grey"}, spec, tmp_path / "set")


def test_arrays_come_in_pairs_of_as_many_rows(tmp_path: Path) -> None:
    x, y = tmp_path / "x.npy", tmp_path / "y.npy"
    np.save(x, np.arange(8.0).reshape(4, 2))
    np.save(y, np.arange(12.0).reshape(4, 3))
    spec = DataSpec((2,), "real", 3)
    inputs, targets, names = read({"kind": "array"}, spec, x, y, batch=3)
    assert (inputs.shape, targets.tolist()[3], names) == ((4, 2), [9, 10, 11], {"row": [0, 1, 2, 3]})
    np.save(y, np.arange(9.0).reshape(3, 3))
    with pytest.raises(DataError, match=r"y.npy: expected an array of \(4, 3\) as .*x.npy has, got \(3, 3\)"):
        read({"kind": "array"}, spec, x, y)
    np.save(y, np.array([5, 7, 5, 6]))
    with pytest.raises(DataError, match=r"y.npy, row 3: expected a class of 5, 7, got 6"):
        read({"kind": "array"}, DataSpec((2,), "class", 2, ("5", "7")), x, y)


def test_classes_go_by_name_and_only_without_numbers_by_place() -> None:
    def fail(row: int, what: str) -> DataError:
        return DataError(f"row {row}: {what}")

    def numbers(words: list[str], *names: str) -> list[int]:
        return class_numbers(words, DataSpec((2,), "class", len(names), names), fail).tolist()

    assert numbers(["7", " 5.0", "7"], "5", "7") == [1, 0, 1]
    assert numbers(["1", "shoe", "0"], "coat", "shoe") == [1, 1, 0]
    with pytest.raises(DataError, match="row 1: expected a class of 5, 7, got 0"):
        numbers(["7", "0"], "5", "7")
