"""Only runs that led to nothing are removed, whole, and nothing beside them."""

import os
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from kindling.run import clean
from kindling.run.clean import amount, discard, find_waste, leftovers, remove
from kindling.run.entry import Entry
from kindling.run.folder import Run
from kindling.run.listing import find_entries
from kindling.run.process import this_process
from kindling.run.resume import Past
from tests.past import leave_run

STATUSES = ("failed", "killed")


def waste(folder: Path, statuses: tuple[str, ...] = STATUSES) -> dict[str, int]:
    """Names and sizes of what would go."""
    found, _ = find_waste(find_entries([str(folder)])[0], statuses)
    return {one.run.folder.name: one.size for one in found}


def test_failed_and_killed_runs_would_go_and_no_others(tmp_path: Path) -> None:
    for status in ("running", "done", "failed", "stopped", "pruned"):
        leave_run(tmp_path / status, status=status)
    leave_run(tmp_path / "killed", status="running", process={**this_process(), "pid": 2**22 + 1})
    leave_run(tmp_path / "elsewhere", status="running", process={**this_process(), "host": "elsewhere"})
    found = waste(tmp_path)
    assert set(found) == {"failed", "killed"}
    assert 2_000_000 < found["failed"] < 2_010_000
    assert set(waste(tmp_path, (*STATUSES, "stopped"))) == {"failed", "killed", "stopped"}


def test_what_is_no_folder_of_a_run_alone_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare, outer, here = (
        leave_run(tmp_path / "runs" / name, status="failed") for name in ("bare", "outer", "here")
    )
    (bare / "config.yaml").unlink()
    assert "bare" in waste(tmp_path)
    (bare / "log.txt").unlink()
    leave_run(outer / "inner")
    (here / "deep").mkdir()
    monkeypatch.chdir(here / "deep")
    (tmp_path / "link").symlink_to(leave_run(tmp_path / "other" / "true", status="failed"))
    found, notes = find_waste(find_entries([str(tmp_path / "runs")])[0], STATUSES)
    assert found == []
    assert [note.partition("; it stays")[0].partition(": ")[2] for note in sorted(notes)] == [
        "expected log.txt or config.yaml beside status.json, got neither",
        "this is the current folder",
        "another run lies in it",
    ]
    assert find_waste([Entry(tmp_path / "link")], STATUSES) == (
        [],
        [f"{tmp_path / 'link'}: it is a link; it stays"],
    )


def test_a_run_goes_whole_and_what_its_links_lead_to_stays(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine").write_text("mine")
    run = leave_run(tmp_path / "runs" / "a", status="failed")
    (run / "data").symlink_to(tmp_path / "data")
    (run / "deep").mkdir()
    (run / "deep" / "data").symlink_to(tmp_path / "data")
    (run / "gone").symlink_to(tmp_path / "nothing")
    [one], notes = find_waste(find_entries([str(tmp_path / "runs")])[0], STATUSES)
    assert (remove(one.run), notes) == (True, [])
    assert not run.exists()
    assert (tmp_path / "data" / "mine").read_text() == "mine"


def test_a_run_that_went_on_in_the_meantime_stays(tmp_path: Path) -> None:
    run = Entry(leave_run(tmp_path / "a", status="failed"))
    leave_run(tmp_path / "b")
    (tmp_path / "b" / "status.json").replace(tmp_path / "a" / "status.json")
    assert remove(run) is False
    assert (tmp_path / "a" / "checkpoints" / "last.ckpt").exists()


def test_a_run_that_is_about_to_go_on_stays(tmp_path: Path) -> None:
    run = Entry(leave_run(tmp_path / "a", status="failed"))
    with Run(run.folder, {}, [], Past(run.folder)):  # it looks whether it can, and has written nothing yet
        assert remove(run) is False
    assert remove(run) is True


def test_an_interrupted_removal_leaves_a_run_that_can_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Entry(leave_run(tmp_path / "a", status="failed"))

    def interrupted(path: Path) -> None:
        raise PermissionError(13, "no", str(path))

    monkeypatch.setattr(clean.shutil, "rmtree", interrupted)
    with pytest.raises(PermissionError):
        remove(run)
    assert "a" in waste(tmp_path)


def test_leftovers_are_old_and_empty(tmp_path: Path) -> None:
    today, past = f"{date.today()}", f"{date.today() - timedelta(days=3)}"
    for name in (past, today, f"{past}x", "2026-1-1"):
        (tmp_path / name).mkdir()
    sweep = tmp_path / "2020-01-01" / "10-00-00-abcdef"
    sweep.mkdir(parents=True)
    (sweep / "multirun.yaml").touch()
    for name in ("2020-01-02/full/0", ".job", "elsewhere"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "2020-01-03").symlink_to(tmp_path / "elsewhere")
    for name in ("new", "old"):
        (tmp_path / ".job" / name).touch()
    os.utime(tmp_path / ".job" / "old", (time.time() - 2 * clean.DAY,) * 2)
    found = leftovers([str(tmp_path)])
    assert found == [tmp_path / ".job" / "old", sweep, sweep.parent, tmp_path / past]
    for path in found:
        discard(path)
    assert leftovers([str(tmp_path)]) == []
    assert (tmp_path / "2020-01-02" / "full" / "0").is_dir()
    assert leftovers([str(tmp_path / "nothing")]) == []


def test_the_amount_is_told(tmp_path: Path) -> None:
    leave_run(tmp_path / "a", status="failed")
    found, _ = find_waste(find_entries([str(tmp_path)])[0], STATUSES)
    assert amount(found, []) == "1 run, 2.0 MB"
    assert amount(found * 2, [tmp_path]) == "2 runs, 4.0 MB, and 1 left over"
    assert amount([], [tmp_path]) == "0 runs, 0 bytes, and 1 left over"
