"""The worst rows of a table are shown as they stand in its file."""

import gzip
from pathlib import Path

import pytest

from kindling.data.csv import CSV
from kindling.evaluate.cells import cells_of
from kindling.evaluate.rows import cells_in

COLUMNS = [{"name": name, "categories": [], "fill": None} for name in ("age", "town")]
READING = {"columns": COLUMNS, "names": ["id", "age", "town", "happy"], "header": True, "target": "happy"} | {
    "id": "id",
    "delimiter": "auto",
}
TEXT = "id,extra,happy,age,town\na,x,yes,030,Rome\n\nb,y,no,, Oslo \nc,z,no,5e1,?\n"


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_cells_are_those_of_the_file_in_the_order_that_is_asked_for(
    name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / name).write_bytes(gzip.compress(TEXT.encode()) if name.endswith("gz") else TEXT.encode())
    assert cells_of(tmp_path / name, READING, [1, 0]) == {
        "id": ["b", "a"],
        "extra": ["y", "x"],
        "age": ["", "030"],
        "town": [" Oslo ", "Rome"],
    }
    assert caplog.messages == [], "the evaluation has told of extra"


def test_rows_of_json_lines_are_found_too(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"age": 3, "town": null}\n\n{"town": "Rome", "age": 4.50}\n')
    assert cells_of(tmp_path / "a.jsonl", READING, [1]) == {"age": ["4.5"], "town": ["Rome"]}


def table(path: Path, first: int) -> str:
    lines = (
        f"{at},{'' if at % 3 else at / 4},{'yes' if at % 2 else 'no'}\n" for at in range(first, first + 30)
    )
    path.write_text("at,age,happy\n" + "".join(lines))
    return str(path)


@pytest.mark.parametrize("missing", ["mean", "drop"])
def test_a_split_has_the_rows_of_its_file(missing: str, tmp_path: Path) -> None:
    data = CSV(table(tmp_path / "a.csv", 0), "happy", missing=missing)
    data.setup()
    rows = data.splits["test"].rows.tolist()
    found = cells_in(data, "test", [1, 0])
    assert found["at"] == [str(rows[1]), str(rows[0])]
    assert found["age"] == ["" if row % 3 else str(row / 4) for row in (rows[1], rows[0])]


def test_an_official_test_split_has_those_of_its_own(tmp_path: Path) -> None:
    test = table(tmp_path / "b.csv", 100)
    data = CSV(table(tmp_path / "a.csv", 0), "happy", missing="mean", test_path=test)
    data.setup()
    assert cells_in(data, "test", [3])["at"] == ["103"]
    assert cells_in(data, "val", [0])["at"] == [str(data.splits["val"].rows[0].item())]
