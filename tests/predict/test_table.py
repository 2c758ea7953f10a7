"""Rows of tables in any form, read as training read its own; what is wrong is told with its line."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from kindling.error import DataError
from kindling.predictor import load

Fitted = Callable[..., tuple[Any, Any, Any]]


def test_rows_come_in_any_form_and_any_order_of_columns(kept: Path, tmp_path: Path) -> None:
    predictor = load(kept)
    expected = predictor.predict(torch.tensor([[3.0, 0, 1], [4.5, 1, 0]]))  # size, colour=blue, colour=red
    forms: list[Any] = [
        [{"size": 3, "colour": "red"}, {"colour": "blue", "size": "4.5", "extra": None}],
        ({"size": size, "colour": colour} for size, colour in ((3.0, "red"), (4.5, "blue"))),
        [[3, "red"], (4.5, " blue ")],
        [[3, "red", 1], [4.5, "blue", None]],  # with the target
        np.array([[3, "red"], [4.5, "blue"]], dtype=object),
        np.array([["3", "red"], ["4.5", "blue"]]),
        [np.array([3.0, 0, 1]), np.array([4.5, 1, 0])],
        [torch.tensor([3.0, 0, 1]), torch.tensor([4.5, 1, 0])],
    ]
    (tmp_path / "a.csv").write_text("colour,more,size\nred,x,3\nblue,y,4.5\n")
    (tmp_path / "b.csv").write_text("\ufeffcolour;size\nred;3\nblue;4.5\n", encoding="utf-8")
    (tmp_path / "c.gz").write_bytes(gzip.compress(b"good,colour,size\n1,red,3\n,blue,4.5\n"))
    (tmp_path / "d.txt").write_text('{"size":3,"colour":"red"}\n\n{"colour":"blue","size":4.5}\n')
    np.save(tmp_path / "e.npy", np.array([[3.0, 0, 1], [4.5, 1, 0]]))
    for form in [*forms, *(tmp_path / name for name in ("a.csv", "b.csv", "c.gz", "d.txt", "e.npy"))]:
        assert np.array_equal(predictor.predict(form), expected)
    both = [tmp_path / "a.csv", str(tmp_path / "d.txt")]
    assert np.array_equal(predictor.predict(both), np.concatenate([expected, expected]))
    assert list(predictor.predict_classes(forms[0])) == [predictor.classes[int(p > 0.5)] for p in expected]


def test_a_category_that_training_has_not_counts_as_none_and_is_told_once(
    kept: Path, caplog: pytest.LogCaptureFixture
) -> None:
    predictor = load(kept, batch_size=1)
    found = predictor.predict([[3, "red"], [3, "green"], [3, "pink"]])
    assert np.array_equal(found[1:], predictor.predict(torch.tensor([[3.0, 0, 0], [3, 0, 0]])))
    assert caplog.messages == [
        "input, row 1, column colour: training has no category 'green'; it counts as none"
    ]


def test_no_row_is_read_before_it_is_needed(kept: Path) -> None:
    taken = []

    def endless() -> Iterator[dict[str, Any]]:
        while True:
            taken.append(None)
            yield {"size": 3, "colour": "red"}

    batches = load(kept, batch_size=4).batches(endless())
    assert [next(batches)[0] for _ in range(3)] == [{"row": range(at, at + 4)} for at in (0, 4, 8)]
    assert len(taken) <= 14


MISTAKES: dict[str, tuple[Any, str]] = {
    "no column": ([{"size": 1}], "input, row 0: expected a column colour, got size; add it"),
    "a name alike": (
        [{"Size": 1, "colour": "red"}],
        "expected a column size, got Size, .* did you mean Size",
    ),
    "later": ([[1, "red"], [1, "red"], ["x", "red"]], "input, row 2, column size: expected numbers, got 'x'"),
    "not in all": ([{"size": 1, "colour": "red"}, {"size": 1}], "input, row 1: expected a column colour"),
    "a hole": ([[None, "red"]], "input, row 0, column size: expected a value, got none; mend it"),
    "NaN": ([[1, "red"], [float("nan"), "red"]], "input, row 1, column size: expected a value, got none"),
    "infinity": ([[float("inf"), "red"]], "input, row 0, column size: expected a number up to"),
    "few cells": ([[1]], "input, row 0: expected 2 or 3 cells, got 1"),
    "other cells": ([[1, "red"], [1]], "input, line 1: expected 2 cells, got 1|input, row 1"),
    "no rows": ([], "input: expected rows, got none"),
    "a number": (5, "input: expected rows, an array or paths, got int"),
    "a shape": (np.zeros((2, 4)), r"input: expected an array of \(rows, 3\), got \(2, 4\)"),
    "one sample": (np.zeros(3), r"input: expected an array of \(rows, 3\), got \(3,\)"),
    "an array's NaN": (np.array([[0, 0, 1], [0, np.nan, 0]]), "input, row 1: expected finite numbers"),
    "nothing there": ("nothing.csv", "nothing.csv: expected a file to predict, got nothing there"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_is_wrong_with_rows_is_told(mistake: str, kept: Path) -> None:
    raw, message = MISTAKES[mistake]
    with pytest.raises(DataError, match=message) as told:
        load(kept, batch_size=1).predict(raw)
    assert "\n" not in str(told.value)


FILES = {
    "a,colour,size\n1,red\n": "line 2: expected 3 cells, got 2",
    "size,colour\n": "expected rows, got none",
    "": "expected a table, got nothing",
    "size,size,colour\n1,2,red\n": "line 1: expected different names, got size twice",
    '{"size":1,"colour":"red"}\n{"size":1\n': "line 2: expected a JSON object",
    '{"size":1,"colour":"red"}\n[1]\n': "line 2: expected a JSON object",
    "size,colour\n1,red\n\n\n2,\n": "line 5, column colour: expected a value, got none; mend it",
    "size,colour\n1,\0\n": "expected a CSV file, got a binary one",
    'size,colour\n1,"red\n': "expected a CSV file",
}


@pytest.mark.parametrize("text", FILES)
def test_what_is_wrong_with_a_file_is_told_with_its_line(text: str, kept: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=f"^{path}[:,].*{FILES[text]}") as told:
        load(kept).predict(path)
    assert "\n" not in str(told.value)


def test_without_a_header_columns_go_by_their_place(fitted: Fitted, tmp_path: Path) -> None:
    rows = [f"{row % 2},{row % 17},{'red' if row % 3 else 'blue'}" for row in range(100)]
    (tmp_path / "table.csv").write_text("\n".join(rows))
    parts = fitted("data=csv", f"data.path={tmp_path}/table.csv", "data.target=0")
    predictor = load(parts[2].checkpoint_callbacks[-1].best)
    expected = predictor.predict(tmp_path / "table.csv")
    (tmp_path / "without.csv").write_text("\n".join(row.partition(",")[2] for row in rows))
    assert np.array_equal(predictor.predict(tmp_path / "without.csv"), expected)


def test_holes_are_filled_as_in_training(fitted: Fitted, tmp_path: Path) -> None:
    rows = [f"{'' if row % 9 == 4 else row % 17},{row % 5},{row % 2}" for row in range(100)]
    (tmp_path / "table.csv").write_text("\n".join(["a,b,y", *rows]))
    parts = fitted("data=csv", f"data.path={tmp_path}/table.csv", "data.target=y", "data.missing=mean")
    fill = parts[0].encoder.features[0].fill
    predictor = load(parts[2].checkpoint_callbacks[-1].best)
    assert predictor.predict([{"a": None, "b": 1}]) == predictor.predict(np.array([[fill, 1]]))


def test_a_part_of_a_column_may_differ_by_little(fitted: Fitted, tmp_path: Path) -> None:
    rows = [f"{1e9 + 1e7 * row},{row % 2}" for row in range(100)]
    (tmp_path / "table.csv").write_text("\n".join(["time,y", *rows]))
    parts = fitted("data=csv", f"data.path={tmp_path}/table.csv", "data.target=y")
    assert load(parts[2].checkpoint_callbacks[-1].best).predict(
        [{"time": 1e9 + second} for second in range(99)]
    ).shape == (99,)
