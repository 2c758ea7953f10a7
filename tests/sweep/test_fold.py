"""The predictions of all folds in one file, each row once and in order."""

import json
import os
from pathlib import Path

import pytest

from kindling.sweep.fold import join_folds

HEAD = "row,target,prediction"


@pytest.fixture
def sweep(tmp_path: Path) -> Path:
    """Two seeds, with two folds of three rows each."""
    for number in range(4):
        rows = [number % 2 + 2 * at for at in (2, 0, 5)]
        leave(
            tmp_path, number, rows, "lr=1", f"seed={number // 2}", "data.folds=2", f"data.fold={number % 2}"
        )
    return tmp_path


def leave(folder: Path, number: int, rows: list[int], *words: str, status: str = "done") -> None:
    job = folder / f"{number:03}-{number:08x}"
    job.mkdir()
    (job / "status.json").write_text(json.dumps({"status": status, "overrides": words}))
    lines = [f"{row},1.5,{number}" for row in rows]
    (job / "out_of_fold.csv").write_text("\n".join([HEAD, *lines, ""]))


def joined(folder: Path) -> dict[str, list[str]]:
    return {path.name: path.read_text().splitlines() for path in sorted(folder.glob("out_of_fold/*"))}


def test_each_seed_has_a_file_with_all_rows_in_order(sweep: Path) -> None:
    (line,) = join_folds(sweep)
    assert line == f"out-of-fold predictions: {sweep / 'out_of_fold'}"
    found = joined(sweep)
    assert list(found) == ["000-001-seed0.csv", "002-003-seed1.csv"]
    rows = ["0,1.5,0", "1,1.5,1", "4,1.5,0", "5,1.5,1", "10,1.5,0", "11,1.5,1"]
    assert found["000-001-seed0.csv"] == [HEAD, *rows]


def test_what_is_not_whole_waits(tmp_path: Path) -> None:
    leave(tmp_path, 0, [0], "data.folds=3", "data.fold=0")
    leave(tmp_path, 1, [1], "data.folds=3", "data.fold=1", status="failed")
    leave(tmp_path, 2, [2], "data.folds=3", "data.fold=2")
    leave(tmp_path, 3, [2], "data.folds=2")
    assert join_folds(tmp_path) == []
    assert not joined(tmp_path)


def test_a_job_that_was_run_again_counts(sweep: Path) -> None:
    join_folds(sweep)
    part = next(sweep.glob("000-*")) / "out_of_fold.csv"
    part.write_text(part.read_text().replace("0,1.5,0", "0,1.5,7"))
    file = sweep / "out_of_fold" / "000-001-seed0.csv"
    os.utime(file, (0, 0))
    join_folds(sweep)
    assert "0,1.5,7" in joined(sweep)[file.name]


def test_rows_that_come_twice_or_cannot_be_read_are_told(sweep: Path) -> None:
    (first, second) = (next(sweep.glob(f"{number}-*")) / "out_of_fold.csv" for number in ("000", "002"))
    first.write_text(f"{HEAD}\n1,1.5,0\n")
    second.write_text("")
    twice, unread = join_folds(sweep)
    assert "000-00000000 001-00000001: are of different data, and not joined" in twice
    assert "002-00000002 003-00000003: can't be read" in unread
    assert not joined(sweep)


def test_a_sweep_without_folds_says_nothing(tmp_path: Path) -> None:
    assert join_folds(tmp_path) == []
    assert not (tmp_path / "out_of_fold").exists()
