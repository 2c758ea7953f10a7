"""What tells the rows of a run's own data apart, and where its files are looked for."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kindling.data.csv import CSV
from kindling.data.image_folder import ImageFolder
from kindling.data.timeseries import TimeSeries
from kindling.error import DataError
from kindling.evaluate.rows import find_files


def table(path: Path, ids: list[Any], rows: int = 20) -> str:
    lines = (f"{ids[at]},{at % 7},{'yes' if at % 2 else 'no'}\n" for at in range(rows))
    path.write_text("id,age,happy\n" + "".join(lines))
    return str(path)


def names(data: Any, split: str = "test") -> dict[str, list[Any]]:
    data.setup()
    return dict(data.names(split))


@pytest.mark.parametrize(
    "ids", [[f"p{at}" for at in range(20)], list(range(100, 120))], ids=["words", "numbers"]
)
def test_a_row_of_a_table_has_its_id_where_there_is_one(ids: list[Any], tmp_path: Path) -> None:
    told = {"path": table(tmp_path / "a.csv", ids), "target": "happy"}
    data = CSV(**told, id_column="id")
    (name,) = found = names(data)
    assert (name, found["id"]) == ("id", [str(ids[row]) for row in data.splits["test"].rows.tolist()])
    assert names(CSV(**told, drop=["id"]))["row"] == data.splits["test"].rows.tolist()


def test_ids_that_are_words_and_numbers_give_way_to_the_row(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", [7, *(f"p{at}" for at in range(1, 20))])
    data = CSV(path, "happy", id_column="id")
    assert names(data)["row"] == data.splits["test"].rows.tolist()


def test_an_official_test_file_has_ids_of_its_own(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", [f"p{at}" for at in range(20)])
    test = table(tmp_path / "b.csv", [f"q{at}" for at in range(6)], rows=6)
    data = CSV(path, "happy", id_column="id", test_path=test)
    assert names(data)["id"] == [f"q{at}" for at in range(6)]
    assert {one[0] for one in names(data, "val")["id"]} == {"p"}


def test_an_image_is_named_by_its_file(tmp_path: Path) -> None:
    for name, shade in (("cat", 10), ("dog", 200)):
        (tmp_path / "set" / name).mkdir(parents=True)
        for at in range(10):
            Image.new("RGB", (2, 2), (shade, at, 0)).save(tmp_path / "set" / name / f"{at}.png")
    data = ImageFolder(str(tmp_path / "set"), root=str(tmp_path / "root"))
    found = names(data)["file"]
    inputs, targets = data.splits["test"][:]
    for path, image, target in zip(found, inputs, targets, strict=True):
        assert (np.asarray(Image.open(path))[0, 0] == image[:, 0, 0].numpy()).all()
        assert Path(path).parent.name == ("cat", "dog")[target]


def test_a_window_is_named_by_the_last_row_that_it_looks_at(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sales\n" + "".join(f"{at}\n" for at in range(50)))
    data = TimeSeries(str(tmp_path / "a.csv"), "sales", steps=4)
    assert names(data)["row"] == data.splits["test"][:][0][:, -1, 0].tolist()


def test_files_are_looked_for_where_they_are_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.npy").touch()
    settings = {"path": "/gone/x.npy", "test_path": None, "rows": 3}
    with pytest.raises(
        DataError, match=r"data.path: expected /gone/x.npy, got nothing there; call this where"
    ):
        find_files(settings, None)
    find_files(settings, tmp_path)
    assert settings == {"path": str(tmp_path / "x.npy"), "test_path": None, "rows": 3}
    monkeypatch.chdir(tmp_path)
    find_files({"path": "x.npy"}, None)
