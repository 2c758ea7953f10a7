"""Two runs beside each other: what differs, and nothing else."""

import json
from pathlib import Path

import pytest

from kindling.run.compare import compare
from kindling.run.entry import Entry
from kindling.run.table import lines
from tests.past import leave_run, optimizer


def told(first: Path, second: Path) -> list[str]:
    parts = compare(Entry(first, is_named=True), Entry(second, is_named=True))
    return [line for part in parts for line in ([part] if isinstance(part, str) else lines(part))]


def environment(folder: Path, torch: str, diff: str, sha256: str) -> None:
    packages = {"torch": torch, "unasked": sha256, "hydra-core": "1"}
    facts = {"git": {"commit": "c", "diff": diff}, "packages": packages, "data": {"sha256": sha256}}
    (folder / "environment.json").write_text(json.dumps(facts))


def test_what_differs_is_told_with_both_values(tmp_path: Path) -> None:
    first = leave_run(tmp_path / "a", "model=mlp", loss=0.5)
    second = leave_run(tmp_path / "b", "model=cnn", "optimizer.lr=0.1", loss=0.25, settings=optimizer(0.1))
    environment(first, "2.12", "", "abc")
    environment(second, "2.13", "+x\n-y\n", "def")
    lines = told(first, second)
    assert lines[1] == "  python train.py model=mlp"
    assert lines[3] == "  python train.py model=cnn optimizer.lr=0.1"
    rows = {words[0]: words[1:] for words in map(str.split, lines[4:]) if words}
    assert rows["model"] == ["mlp", "cnn"]
    assert rows["optimizer.lr"] == ["0.01", "0.1"]
    assert rows["packages.torch"] == ["2.12", "2.13"]
    assert rows["data.sha256"] == ["abc", "def"]
    assert rows["git.diff"][:2] == ["2", "lines,"]
    assert rows["test/accuracy"] == ["0.5", "0.75", "0.25"]
    assert rows["epoch"] == ["2", "2", "0"]
    assert not {"seed", "git.commit", "packages.unasked", "packages.hydra-core"} & set(rows)


def test_two_of_the_same_are_told_so_and_a_missing_file_is_no_error(tmp_path: Path) -> None:
    first, second = leave_run(tmp_path / "a"), leave_run(tmp_path / "b", status="failed")
    lines = told(first, second)
    assert "settings: no difference" in lines
    assert "environment: no difference" in lines
    (second / "metrics.csv").unlink()
    (first / "metrics.json").unlink()
    (first / "metrics.csv").unlink()
    assert told(first, second)[-1] == "metrics: none"


def test_a_damaged_environment_is_no_traceback(tmp_path: Path) -> None:
    first, second = leave_run(tmp_path / "a"), leave_run(tmp_path / "b")
    for number, content in enumerate(['{"packages": [1]}', '{"git": {"diff": 7}, "packages": "x"}', "[1]"]):
        (first / "environment.json").write_text(content)
        assert told(first, second), number


@pytest.mark.parametrize("content", ["[]", "3", '"text"', "{", "[" * 100_000])
def test_a_status_that_can_not_be_read_is_noted_and_the_rest_is_compared(
    content: str, tmp_path: Path
) -> None:
    first, second = leave_run(tmp_path / "a", "model=mlp"), leave_run(tmp_path / "b")
    (second / "status.json").write_text(content)
    run = Entry(second, is_named=True)
    lines = told(first, second)
    assert lines[:3] == [
        f"first: {first}, done, {Entry(first).value('when')}",
        "  python train.py model=mlp",
        f"second: {second}",
    ]
    assert "settings: no difference" in lines
    assert [note.partition(" (")[0] for note in run.notes] == [f"{second / 'status.json'}: can't be read"]


def test_a_run_without_a_status_is_compared(tmp_path: Path) -> None:
    first, second = leave_run(tmp_path / "a"), leave_run(tmp_path / "b")
    (first / "status.json").unlink()
    assert told(first, second)[0] == f"first: {first}"
