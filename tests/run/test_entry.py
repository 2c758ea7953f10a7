"""A run is told by its files, however they were left."""

from pathlib import Path

import pytest

from kindling.run.entry import Entry
from kindling.run.listing import find_entries
from kindling.run.process import this_process
from tests.past import leave_run


def test_a_run_that_is_not_done_has_its_best_epoch_so_far(tmp_path: Path) -> None:
    low = Entry(leave_run(tmp_path / "low", status="stopped", loss=0.3))
    assert (low.value("epoch"), low.value("val/loss"), low.value("epochs")) == (2, 0.3, 3)
    high = {"monitor": {"metric": "val/loss", "mode": "max"}}
    assert Entry(leave_run(tmp_path / "high", status="stopped", settings=high)).value("epoch") == 1


def test_a_word_that_was_noted_counts_more_than_the_class(tmp_path: Path) -> None:
    run = Entry(leave_run(tmp_path / "a", "data=wine", choices={"data": "wine", "model": "resnet"}))
    assert [run.value(name) for name in ("data", "model", "optimizer", "task")] == [
        "wine",
        "resnet",
        "adam",
        "",
    ]


def test_a_run_whose_process_has_gone_was_killed(tmp_path: Path) -> None:
    gone = {**this_process(), "pid": 2**22 + 1}
    leave_run(tmp_path / "a", status="running", process=gone)
    leave_run(tmp_path / "b", status="running", process=this_process())
    leave_run(tmp_path / "c", status="running", process={**gone, "host": "elsewhere"})
    leave_run(tmp_path / "d", status="running")
    found = {run.folder.name: run.value("status") for run in find_entries([str(tmp_path)])[0]}
    assert found == {"a": "killed", "b": "running", "c": "running", "d": "running"}


def test_a_run_that_ends_while_it_is_looked_at_was_not_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = leave_run(tmp_path / "a", status="running", process=this_process())

    def end(noted: object) -> bool:
        (folder / "status.json").write_text('{"status": "done"}')
        return False

    monkeypatch.setattr("kindling.run.entry.lives", end)
    assert Entry(folder).value("status") == "done"


STATUSES = [
    "",
    "{",
    "[]",
    "null",
    "{}",
    '{"status": "fine"}',
    "[" * 100_000,
    "\x00",
    '{"status": ["done"]}',
    "9" * 9000,
]


@pytest.mark.parametrize("content", STATUSES, ids=range(len(STATUSES)))
def test_a_status_that_is_none_is_passed_over_in_a_line(content: str, tmp_path: Path) -> None:
    leave_run(tmp_path / "good")
    (leave_run(tmp_path / "bad") / "status.json").write_text(content)
    found, [note] = find_entries([str(tmp_path)])
    assert [run.folder.name for run in found] == ["good"]
    assert note.startswith(f"{tmp_path / 'bad' / 'status.json'}: not a run's (")
    assert "\n" not in note


BOMB = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(9))
CONFIGS = [
    b"\xff",
    b"a: [",
    b"- a",
    b"7",
    b"a: !!python/name:os.system",
    b"a: " + b"[" * 100_000,
    BOMB.encode(),
]
CONFIGS += [b"a: !!int ''", b"x" * 300_000, b"a: 2026-99-99", b"a:\n b: &c [1]\n d: *c\n", b"? [a]\n: b"]


@pytest.mark.parametrize("content", CONFIGS, ids=range(len(CONFIGS)))
def test_settings_that_can_not_be_read_leave_the_rest(content: bytes, tmp_path: Path) -> None:
    folder = leave_run(tmp_path / "a")
    (folder / "config.yaml").write_bytes(content)
    run = Entry(folder)
    assert (run.settings, run.value("test/loss")) == ({}, 0.6)
    [note] = run.notes
    assert note.startswith(f"{folder / 'config.yaml'}: can't be read (")
    assert "\n" not in note


@pytest.mark.parametrize("name", ["metrics.json", "metrics.csv"])
@pytest.mark.parametrize("content", [b"\xff", b"[1, 2]", b"epoch\nx", b"\x00,\x00\n1"], ids=range(4))
def test_damaged_results_are_no_traceback(name: str, content: bytes, tmp_path: Path) -> None:
    folder = leave_run(tmp_path / "a", status="done" if name == "metrics.json" else "failed")
    (folder / name).write_bytes(content)
    run = Entry(folder)
    assert [run.value(one) for one in run.names()]
    assert all("\n" not in note for note in run.notes)


def test_settings_are_read_as_yaml_would(tmp_path: Path) -> None:
    long = {"text": "a\nb: c\n- d\n", "list": [{"a": 1}, {"b": [2]}], "empty": {}, "deep": {"x": {"y": None}}}
    run = Entry(leave_run(tmp_path / "a", settings=long))
    expected = {"text": long["text"], "list": long["list"], "deep.x.y": None, "model.hidden": [64, 64]}
    assert {name: run.settings[name] for name in expected} == expected
    assert "empty" not in run.settings
