"""The facts of a set in text: the numbers are those of the file."""

from pathlib import Path
from typing import Any

import pytest
import torch

from kindling.data.adding_problem import AddingProblem
from kindling.data.blobs import Blobs
from kindling.data.bundled import Bundled
from kindling.data.csv import CSV
from kindling.data.loader import Split
from kindling.data.timeseries import TimeSeries
from kindling.look.facts import align, count_targets, describe, measure, number, shorten

BINARY = "kindling.task.binary.Binary"


def rows_of(text: str) -> dict[str, list[str]]:
    """The cells of each line, under its first one."""
    return {cells[0]: cells[1:] for cells in map(str.split, text.splitlines()) if cells}


@pytest.fixture
def table(tmp_path: Path) -> CSV:
    """100 rows, 20 of a class; a size is missing in every fifth row, and the last column is not used."""
    lines = [
        f"{row if row % 5 else ''},{'red' if row % 4 else 'blue'},{'no' if row % 5 else 'yes'},{row or ''}"
        for row in range(100)
    ]
    (tmp_path / "t.csv").write_text("\n".join(["size,colour,good,note", *lines]))
    data = CSV(str(tmp_path / "t.csv"), "good", BINARY, drop=["note"], missing="mean")
    data.setup()
    return data


def test_a_table_is_told_in_the_numbers_of_its_file(table: CSV) -> None:
    text = describe(table, "csv")
    found = rows_of(text)
    assert text.startswith("data=csv: rows of 3 numbers, 3 inputs in all; the target: 2 classes\n")
    assert (found["train"], found["val"], found["test"]) == (
        ["65", "65.0%"],
        ["15", "15.0%"],
        ["20", "20.0%"],
    )
    assert found["no"] == ["52", "80.0%", "12", "80.0%", "16", "80.0%"]
    assert found["yes"] == ["13", "20.0%", "3", "20.0%", "4", "20.0%"]
    sizes = table.splits["train"][:][0][:, 0]
    expected = (sizes.min(), sizes.mean(), sizes.max(), sizes.std(correction=0))
    assert [float(cell) for cell in found["size"][:4]] == pytest.approx(list(map(float, expected)), rel=1e-3)
    assert [found[name][-1] for name in ("size", "colour=blue", "colour=red")] == ["20", "0", "0"]
    assert "missing cells in the 100 rows of t.csv, by column: size 20, note 1" in text


def test_uneven_classes_bring_a_hint(table: CSV) -> None:
    hint = "one of task.class_weights=balanced and data.balanced=true"
    assert f"uneven: no has 52 training rows, yes 13; consider {hint}" in describe(table, "csv")
    data = Blobs(rows=90, features=2, classes=3)
    data.setup()
    assert hint not in describe(data, "blobs")


@pytest.mark.parametrize(("least", "hinted"), [(13, False), (12, True)])
def test_uneven_is_more_than_three_times(least: int, hinted: bool) -> None:
    data = Blobs(rows=90, features=2, classes=2)
    data.setup()
    targets = torch.tensor([0] * 39 + [1] * least)
    data.splits["train"] = Split(torch.zeros(len(targets), 2), targets)
    assert ("uneven" in count_targets(data)[-1]) is hinted


def test_a_long_list_is_cut() -> None:
    data = Blobs(rows=300, features=40, classes=25)
    data.setup()
    lines = describe(data, "blobs").splitlines()
    assert "… 5 more" in lines
    assert "… 10 more" in lines
    assert len(lines) == 62


def test_numbers_to_predict_have_a_range_in_each_split() -> None:
    data = Bundled("diabetes", "real")
    data.setup()
    found = rows_of(describe(data, "diabetes").partition("target  ")[2])
    values = data.splits["test"][:][1]
    expected = (values.min(), values.mean(), values.max(), values.std(correction=0))
    assert [float(cell) for cell in found["test"]] == pytest.approx(list(map(float, expected)), rel=1e-3)


def test_images_and_sequences_have_a_line_a_channel_or_column() -> None:
    digits = Bundled("digits", "class", [1, 8, 8])
    sequences = AddingProblem(rows=100, steps=6)
    digits.setup()
    sequences.setup()
    text = describe(digits, "digits")
    assert "images of 1×8×8, 64 inputs in all; the target: 10 classes" in text
    assert "channel (training split)" in text
    assert "missing" not in text
    found = rows_of(describe(sequences, "adding_problem"))
    assert found["mark"][2] == "1"
    assert float(found["mark"][1]) == pytest.approx(2 / 6, abs=1e-4)


def test_a_forecast_is_told_what_to_beat(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("\n".join(["sales", *(str(2 * row) for row in range(100))]))
    data = TimeSeries(str(tmp_path / "s.csv"), "sales", steps=4, horizon=3)
    data.setup()
    text = describe(data, "timeseries")
    assert "3 numbers to predict" in text
    assert text.endswith("repeating the last value: val 4, test 4")  # 2, 4 and 6 steps ahead


def test_rows_to_predict_are_counted(table: CSV, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text("size,colour,note\n" + "1,red,\n" * 7)
    path = str(table.table.path)
    new = str(tmp_path / "new.csv")
    data = CSV(path, "good", BINARY, drop=["note"], missing="mean", test_path=new)
    data.setup()
    assert "to predict     7" in describe(data, "csv")


@pytest.mark.parametrize("kind", [torch.float32, torch.uint8])
def test_parts_are_measured_as_the_whole(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = (torch.randint(0, 6, (50, 3, 4, 5)) + 5 * torch.randperm(50).reshape(50, 1, 1, 1)).to(kind)
    monkeypatch.setattr("kindling.data.loader.PART", 7 * 60)
    split = Split(inputs, torch.zeros(50), torch.arange(5, 45))
    assert len(list(split.parts())) == 6
    part = inputs[5:45].double()
    expected = [
        part.amin((0, 2, 3)),
        part.mean((0, 2, 3)),
        part.amax((0, 2, 3)),
        part.std((0, 2, 3), correction=0),
    ]
    torch.testing.assert_close(measure(split, images=True).double(), torch.stack(expected))


def test_numbers_are_short_and_names_cut() -> None:
    assert [number(value) for value in (0.0, 16.0, 0.123456, -12345.6, 3e15)] == [
        "0",
        "16",
        "0.1235",
        "-12,346",
        "3e+15",
    ]
    assert shorten("x" * 40) == "x" * 31 + "…"


def test_cells_stand_below_one_another() -> None:
    lines = align([["name", "n"], ["a", "1"], ["long name", "1,000"], ["b", "2"]], most=2)
    assert lines == ["name           n", "a              1", "long name  1,000", "… 1 more"]
