"""The task follows from what there is to predict."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kindling.error import ConfigError, DataError
from kindling.source.target import class_names, find_task, open_array, task_of


@pytest.mark.parametrize(
    ("values", "task"),
    [
        (["no", "yes"], "binary"),
        ([0.0, 1.0], "binary"),
        ([1.0, 2.0], "binary"),
        (["a", "b", "c"], "classification"),
        ([0, 1, 2], "classification"),
        ([*range(1, 21)], "classification"),
        ([*range(21)], "regression"),
        ([3, 4, 5], "regression"),
        ([0, 1, 3], "regression"),
        ([0.0, 0.5, 1.0], "regression"),
    ],
)
def test_values_ask_for_a_task(values: list[Any], task: str) -> None:
    given = values if isinstance(values[0], str) else np.array(values)
    assert task_of(given) == task


def settings(path: Path, target: Any) -> dict[str, Any]:
    return {"path": str(path), "target": target, "header": "auto", "delimiter": "auto", "categorical": []}


def test_a_table_asks_by_its_target_column(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("size,colour,good\n1.5,red,yes\n2.5,blue,\n9,green,no\n")
    found = [find_task(settings(path, target)) for target in ("size", "colour", "good", -1)]
    assert found == ["regression", "classification", "binary", "binary"]


@pytest.mark.parametrize(
    ("targets", "task"),
    [
        (np.arange(10) % 2, "binary"),
        (np.arange(10) % 3, "classification"),
        (np.linspace(0, 1, 10), "regression"),
        (np.zeros((10, 2)), "regression"),
    ],
)
def test_an_array_asks_by_its_values(targets: Any, task: str, tmp_path: Path) -> None:
    np.save(tmp_path / "y.npy", targets)
    assert find_task({"target_path": str(tmp_path / "y.npy")}) == task


def test_data_without_a_target_column_is_told() -> None:
    with pytest.raises(ConfigError, match="task=auto: expected data with a target column"):
        find_task({"rows": 3})


def test_class_names_are_two_at_least_and_not_an_id() -> None:
    assert class_names(np.array([0.0, 1.0, 2.5]), "table", 9) == ("0", "1", "2.5")
    with pytest.raises(DataError, match="table: expected two classes or more, got only a"):
        class_names(["a"], "table", 9)
    with pytest.raises(
        DataError, match="expected at most 1000 classes in 9999 rows, got 1001; leave it to task=regression"
    ):
        class_names(np.arange(1001), "table", 9999)
    with pytest.raises(DataError, match=r"got 1001; is it an id\?"):
        class_names([str(number) for number in range(1001)], "table", 9999)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "expected a .npy file, got nothing there; set data.path"),
        (b"", "expected a whole .npy file of numbers; save it with numpy.save"),
        (b"not an array", "expected a whole .npy file of numbers; save it with numpy.save"),
        (np.array(["a"]), "expected an array of numbers"),
        (np.array([{}], dtype=object), "expected a whole .npy file of numbers; save it with numpy.save"),
        (np.array(5), "expected an array of numbers"),
        (np.array([1 + 2j]), "expected an array of numbers"),
        (np.empty((0, 3)), "expected an array of numbers in a .npy file, got another kind or none"),
    ],
)
def test_what_is_no_array_is_told(content: Any, message: str, tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        np.save(path, content)
    with pytest.raises(DataError) as caught:
        open_array(str(path), "path")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_truncated_array_is_told(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.arange(100))
    whole = (tmp_path / "x.npy").read_bytes()
    (tmp_path / "x.npy").write_bytes(whole[:-8])
    with pytest.raises(DataError, match=r"expected a whole \.npy file of numbers"):
        open_array(str(tmp_path / "x.npy"), "path")


def test_a_class_has_two_rows_at_least_on_average() -> None:
    with pytest.raises(
        DataError, match="expected at most 5 classes in 10 rows, got 6; leave it to task=regr"
    ):
        class_names(np.arange(6), "table", 10)
