"""Somebody's own table: columns become numbers, the target decides, and mistakes are told with their line."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from kindling.data.csv import CSV
from kindling.error import ConfigError, DataError
from tests.conftest import Train, runs

CLASS, REAL = "kindling.task.classification.Classification", "kindling.task.regression.Regression"
Make = Callable[..., CSV]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A table with this text, set up."""

    def make_data(text: str, target: Any = -1, **settings: Any) -> CSV:
        path = tmp_path / "table.csv"
        path.write_text(text, encoding="utf-8")
        data = CSV(str(path), target, settings.pop("task", CLASS), **settings)
        data.setup()
        return data

    return make_data


def table(rows: int = 40) -> str:
    lines = [f"{row * 10},{'red' if row % 4 else 'blue'},{'yes' if row % 2 else 'no'}" for row in range(rows)]
    return "\n".join(["size,colour,good", *lines]) + "\n"


def everything(data: CSV) -> tuple[torch.Tensor, torch.Tensor]:
    inputs, targets = zip(*(split[:] for split in data.splits.values()), strict=True)
    order = torch.cat(inputs)[:, 0].argsort()
    return torch.cat(inputs)[order], torch.cat(targets)[order]


def test_numbers_stay_and_categories_become_a_column_each(make: Make) -> None:
    data = make(table())
    inputs, targets = everything(data)
    assert data.spec.feature_names == ("size", "colour=blue", "colour=red")
    assert data.spec.class_names == ("no", "yes")
    assert inputs[:5].tolist() == [[0, 1, 0], [10, 0, 1], [20, 0, 1], [30, 0, 1], [40, 1, 0]]
    assert targets[:4].tolist() == [0, 1, 0, 1]


@pytest.mark.parametrize("target", ["size", 0, -3])
def test_the_target_is_named_or_counted(target: Any, make: Make) -> None:
    data = make(table(), target, task=REAL)
    assert data.spec.target == "real"
    assert data.spec.feature_names == ("colour=blue", "colour=red", "good=no", "good=yes")


def test_numbers_can_be_classes_where_the_task_says_so(make: Make) -> None:
    data = make("a,b\n" + "1,3\n2,7\n3,3\n" * 20)
    assert data.spec.class_names == ("3", "7")


def test_columns_can_be_left_out_or_taken_as_categories(make: Make) -> None:
    codes = "code,n,y\n" + "".join(f"{row % 3},{row},{row % 2}\n" for row in range(40))
    assert make(codes, categorical=["code"]).spec.feature_names == ("code=0", "code=1", "code=2", "n")
    assert make(codes, drop=["code"]).spec.feature_names == ("n",)
    assert make(codes, drop="code").spec.feature_names == ("n",)
    assert make(codes, id_column="n").spec.feature_names == ("code",)


def test_categories_are_not_normalised(make: Make) -> None:
    statistics = make(table()).statistics
    assert statistics.input_shift[1:].tolist() == [0, 0]
    assert statistics.input_scale[1:].tolist() == [1, 1]
    assert statistics.input_shift[0] != 0


def holes(rows: int = 60) -> str:
    lines = [
        f"{'' if row % 5 == 0 else row},{'' if row % 7 == 0 else 'red'},{row % 2}" for row in range(rows)
    ]
    return "\n".join(["size,colour,good", *lines, "1,blue,0\n"])


def test_rows_with_holes_can_be_dropped(make: Make) -> None:
    data = make(holes(), missing="drop")
    whole = [row for row in range(60) if row % 5 and row % 7]
    assert sum(map(len, data.splits.values())) == len(whole) + 1


@pytest.mark.parametrize("missing", ["mean", "mode"])
def test_holes_are_filled_by_what_the_training_split_says(missing: str, make: Make) -> None:
    data = make(holes(), missing=missing)
    size, colour = data.encoder.features
    train = data.splits["train"].rows
    numbers = torch.from_numpy(data.table.columns[0].numbers)
    given = numbers[train][~numbers[train].isnan()]
    expected = given.mean() if missing == "mean" else given.mode().values
    assert size.fill == pytest.approx(float(expected))
    assert colour.categories[int(colour.fill or 0)] == "red"
    filled = data.splits["train"].inputs[numbers.isnan()][:, 0]
    assert filled.unique().tolist() == pytest.approx([float(expected)])
    assert all(split.inputs.isfinite().all() for split in data.splits.values())


def test_an_official_test_file_is_the_test_split(make: Make, tmp_path: Path) -> None:
    other = tmp_path / "test.csv"
    other.write_text("good,colour,size\nyes,red,7\nno,green,8\n")
    data = make(table(), test_path=str(other))
    inputs, targets = data.splits["test"][:]
    assert inputs.tolist() == [[7, 0, 1], [8, 0, 0]]  # a category that training never saw is none of them
    assert targets.tolist() == [1, 0]
    assert len(data.splits["train"]) + len(data.splits["val"]) == 40


def test_rows_without_a_target_are_kept_to_predict(make: Make, tmp_path: Path) -> None:
    other = tmp_path / "test.csv"
    other.write_text("id,size,colour\n0007,7,red\nx9,8,blue\n")
    rows = table().splitlines()
    text = "\n".join(["id," + rows[0], *(f"r{n},{row}" for n, row in enumerate(rows[1:]))])
    data = make(text, test_path=str(other), id_column="id")
    assert data.unlabelled is not None
    assert data.unlabelled[:][0].tolist() == [[7, 0, 1], [8, 1, 0]]
    data.write_predictions(tmp_path, [torch.tensor([0.2]), torch.tensor([0.9])])
    assert (tmp_path / "predictions.csv").read_text() == "id,good\n0007,no\nx9,yes\n"


def test_without_a_header_a_test_file_lacks_the_target_wherever_it_stands(make: Make, tmp_path: Path) -> None:
    other = tmp_path / "test.csv"
    other.write_text("70,red\n80,blue\n")
    rows = ["{2},{0},{1}".format(*row.split(",")) for row in table().splitlines()[1:]]
    data = make("\n".join(rows), 0, test_path=str(other))
    assert data.unlabelled is not None
    assert data.unlabelled[:][0].tolist() == [[70, 0, 1], [80, 1, 0]]


def test_it_says_how_to_read_another_file(make: Make) -> None:
    reading = make(table(), delimiter=",").reading()
    assert json.loads(json.dumps(reading)) == reading
    assert reading["columns"][1] == {"name": "colour", "categories": ["blue", "red"], "fill": None}
    assert (reading["names"], reading["target"]) == (["size", "colour", "good"], "good")
    assert (reading["header"], reading["delimiter"], reading["missing"]) == (True, ",", "error")


ROWS = "1,x,0\n2,y,1\n" * 20


@pytest.mark.parametrize(
    ("text", "settings", "message"),
    [
        ("a,b,c\n1,,0\n" + ROWS, {}, r"line 2, column b: expected a value, got none; add data\.missing"),
        ("a,b,c\n1,x,\n" + ROWS, {}, "line 2, column c: expected a target, got none; take the row out"),
        ("a,b,c\n1,x,0\n1,x,zero\n" + ROWS, {}, "line 3, column c: expected a number, got 'zero'"),
        ("a,b,c\none,x,0\n" + ROWS, {}, "line 2, column a: expected a number, got 'one'"),
        ("a,b,c\ninf,x,0\n" + ROWS, {}, r"line 2, column a: expected a number up to 3\.4e\+38, got inf"),
        (
            "a,b,c\n" + "1,45%,0\n2,5%,1\n" * 9,
            {},
            "column b: expected numbers such as 1234.5, got '45%'; write",
        ),
        ("a,b,c\n" + "1,x,$1\n2,y,$2\n" * 9, {}, r"column c: .* such as 1234.5, got '\$1'"),
        ("a,b,c\n" + "1,,0\n2,,1\n" * 9, {"missing": "mean"}, "column b: expected values, got none at all"),
        ("a,b,c\n" + "1,2,\n2,3,\n" * 9, {}, "column c: expected classes or numbers, got none at all"),
        (
            "a,b,c\n" + "1,2e39,0\n2,3,1\n" * 9,
            {},
            r"line 2, column b: expected a number up to .*, got 2e\+39",
        ),
        ("a,b,c\n" + ROWS, {"categorical": ["A"]}, r"data\.categorical: .* has no column A"),
        ("a,b,c\n" + "1,x,0\n" * 9, {}, "column c: expected two classes or more, got only 0"),
        ("a,b,c\n" + ROWS, {"drop": ["a", "b"]}, "expected columns beside the target, got none"),
        ("a,b,c\n" + ROWS, {"drop": ["d"]}, r"data\.drop: .* has no column d, expected one of a, b, c"),
        ("a,b,c\n" + ROWS, {"target": "d"}, r"data\.target: .* has no column d"),
        ("a,b,c\n" + ROWS, {"id_column": 9}, r"data\.id_column: .* has no column 9"),
        ("a,day,c\n" + "1,2020-01-02,0\n2,2020-01-03,1\n" * 9, {}, r"day: holds dates; .*data\.drop=\[day\]"),
        (
            "a,day,c\n" + "1,2020-01-02,0\n" * 9,
            {"target": 1},
            "column day: expected classes or numbers, got dates",
        ),
        (",b,c\n" + ROWS, {"header": True}, r"line 1: column 0 has no name; name it, or data\.drop=\[0\]"),
        ("".join(f"{row},w{row},{row % 2}\n" for row in range(150)), {}, "at most 100 categories, got 150"),
        ("a,b,c\n1,x,0\n2,y,1\n", {}, "the val split has no rows"),
        (
            "a,b,c\n" + ROWS,
            {"test_fraction": 0.0},
            r"the test split has no rows, .*raise data\.test_fraction",
        ),
    ],
)
def test_what_is_wrong_with_a_table_is_told(
    text: str, settings: dict[str, Any], message: str, make: Make
) -> None:
    with pytest.raises(DataError, match=message) as caught:
        make(text, **settings)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("drop", ["c", 2, ["a", -1]])
def test_the_target_is_not_dropped(drop: Any, make: Make) -> None:
    with pytest.raises(ConfigError, match=r"data\.drop: expected other columns than the target, got c"):
        make("a,b,c\n" + ROWS, target=2, drop=drop)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,c\n1,0\n", r"data\.test_path: .* has no column b"),
        ("a,b,c\n1,x,5\n", "line 2, column c: expected a class of 0, 1, got 5"),
        ("a,b,c\n1,x,\n1,x,1\n", "line 2, column c: expected a target, got none"),
        ("a,b\n1,x\n,x\n", "line 3, column a: expected a value, got none; add data.missing=mean or mode$"),
        ("a,b\nred,x\n", "line 2, column a: expected numbers, got 'red'"),
        ("a,b\n1,x\n1\n", "line 3: expected 2 cells, got 1"),
    ],
)
def test_what_is_wrong_with_a_test_file_is_told(text: str, message: str, make: Make, tmp_path: Path) -> None:
    (tmp_path / "test.csv").write_text(text)
    with pytest.raises(DataError, match=message):
        make("a,b,c\n" + ROWS, test_path=str(tmp_path / "test.csv"))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"header": "yes"}, "data.header: expected auto, true, false, got yes"),
        ({"delimiter": "::"}, "data.delimiter: expected auto, tab or one character, got ::"),
        ({"id_column": "c"}, "data.id_column: expected another column than the target, got c"),
        ({"task": REAL, "target": "b"}, "column b holds words, expected numbers; take task=classification"),
    ],
)
def test_wrong_settings_are_told(settings: dict[str, Any], message: str, make: Make) -> None:
    with pytest.raises(ConfigError, match=message):
        make("a,b,c\n" + ROWS, **settings)


def test_a_column_that_counts_the_rows_is_warned_of(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    make("n,a,b\n" + "".join(f"{row},{row % 5},{row % 2}\n" for row in range(40)))
    assert "column n: counts the rows; if it is an id, add data.id_column=n" in caplog.text


def test_numbers_that_stand_for_classes_keep_all_their_digits(make: Make) -> None:
    data = make("a,y\n" + "1,1234567\n2,1234568\n3,1234567\n" * 20)
    assert data.spec.class_names == ("1234567", "1234568")
    inputs, targets = everything(data)
    assert torch.equal(targets, (inputs[:, 0] == 2).long())


def test_a_test_file_is_read_by_name_even_where_names_look_like_positions(make: Make, tmp_path: Path) -> None:
    (tmp_path / "test.csv").write_text("0,1,3\n1,2,3\n")
    with pytest.raises(DataError, match=r"data\.test_path: .* has no column 2"):
        make("0,1,2,3,y\n" + "1,2,3,4,0\n5,6,7,8,1\n" * 20, header=True, test_path=str(tmp_path / "test.csv"))


def test_ids_are_written_as_they_stand_in_the_file(make: Make, tmp_path: Path) -> None:
    (tmp_path / "test.csv").write_text('id,a\nNA,1\n" 007 ",2\n')
    data = make("id,a,y\n" + "1,2,0\n2,3,1\n" * 20, id_column="id", test_path=str(tmp_path / "test.csv"))
    data.write_predictions(tmp_path, [torch.tensor([0.2, 0.9])])
    assert (tmp_path / "predictions.csv").read_text() == "id,y\nNA,0\n 007 ,1\n"


def test_a_category_that_training_has_not_is_warned_of(
    make: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "test.csv").write_text("size,colour,good\n1,Red,yes\n2,Red,no\n")
    make(table(), test_path=str(tmp_path / "test.csv"))
    assert "column colour: 2 rows have a category that training has not, as 'Red'" in caplog.text


def test_a_missing_id_is_told_before_the_training(make: Make, tmp_path: Path) -> None:
    (tmp_path / "test.csv").write_text("ID,a\n1,2\n")
    with pytest.raises(DataError, match=r"data\.id_column: .*test.csv has no column id"):
        make("id,a,y\n" + "1,2,0\n2,3,1\n" * 20, id_column="id", test_path=str(tmp_path / "test.csv"))


def test_a_column_without_a_value_is_filled_in_a_test_file(make: Make, tmp_path: Path) -> None:
    (tmp_path / "test.csv").write_text("a,b\n,1\n,2\n")
    data = make("a,b,y\n" + "4,2,0\n4,3,1\n" * 20, missing="mean", test_path=str(tmp_path / "test.csv"))
    assert data.unlabelled is not None
    assert data.unlabelled[:][0].tolist() == [[4, 1], [4, 2]]


def test_a_competition_from_the_command_line(train: Train, tmp_path: Path) -> None:
    lines = [f"{row},{row % 7},{'' if row % 9 == 0 else row % 2}" for row in range(90)]
    (tmp_path / "train.csv").write_text("\n".join(["Id,a,y", *(line for line in lines if line[-1] != ",")]))
    (tmp_path / "test.csv").write_text("Id,a\n900,1\n901,2\n902,5\n")
    words = "data=csv data.path=train.csv data.target=y data.id_column=Id data.test_path=test.csv"
    result = train(*words.split(), "debug=limit", "regularizer=[label_smoothing]")
    assert result.returncode == 0, result.stderr
    assert "predictions.csv in it: y for each row of test.csv" in result.stdout
    (run,) = runs(tmp_path)
    with (run / "predictions.csv").open() as file:
        header, *rows = csv.reader(file)
    assert header == ["Id", "y"]
    assert [row[0] for row in rows] == ["900", "901", "902"]
    assert {row[1] for row in rows} <= {"0", "1"}
    assert "task=binary" in (run / "command.txt").read_text()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ("data.path=nothing.csv data.target=y", 3, "nothing.csv: expected a CSV file, got nothing there"),
        ("data.path=t.csv data.target=z", 3, "data.target: t.csv has no column z"),
        ("data.path=t.csv", 2, "data.target: needs a value; add data.target=…"),
        (
            "data.path=t.csv data.target=a regularizer=[label_smoothing]",
            2,
            "task=regression has no such setting",
        ),
    ],
)
def test_mistakes_on_the_command_line_are_one_line(
    words: str, code: int, message: str, train: Train, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text("a,y\n" + "".join(f"{row}.5,{row % 2}\n" for row in range(40)))
    before = (tmp_path / "t.csv").read_bytes()
    result = train("data=csv", *words.split())
    assert (result.returncode, result.stderr.count("\n")) == (code, 1)
    assert message in result.stderr
    assert (tmp_path / "t.csv").read_bytes() == before
