"""Where an evaluation goes: never into a run, and over nothing by accident."""

import errno
from pathlib import Path

import pytest

from kindling.error import ConfigError, MachineError
from kindling.evaluate.place import NUMBERS, filling, require_free, usual_folder


def leave(folder: Path) -> Path:
    (folder / "checkpoints").mkdir(parents=True)
    (folder / "config.yaml").touch()
    return folder / "checkpoints" / "best.ckpt"


@pytest.mark.parametrize(
    ("run", "name", "rows", "expected"),
    [
        ("outputs/2026-01-02/03-00-00-aa", "best.ckpt", "test", "2026-01-02-03-00-00-aa-test"),
        ("outputs/2026-01-02/03-00-00-aa/7", "best.ckpt", "val", "2026-01-02-03-00-00-aa-7-val"),
        ("outputs/2026-01-02/03-00-00-aa", "last.ckpt", "more/new.csv", "2026-01-02-03-00-00-aa-last-new"),
        ("mine", "best.ckpt", "test", "mine-test"),
    ],
)
def test_a_run_is_named_by_where_it_lies(
    run: str, name: str, rows: str, expected: str, tmp_path: Path
) -> None:
    checkpoint = leave(tmp_path / run).with_name(name)
    assert usual_folder(checkpoint, rows) == Path("outputs/evaluation", expected)


def test_a_checkpoint_alone_is_named_by_its_file(tmp_path: Path) -> None:
    assert usual_folder(tmp_path / "mine.ckpt", "test").name == "mine-test"


def test_a_folder_is_new_or_empty_or_forced(tmp_path: Path) -> None:
    checkpoint = leave(tmp_path / "run")
    require_free(tmp_path / "new", checkpoint, force=False)
    (tmp_path / "new").mkdir()
    require_free(tmp_path / "new", checkpoint, force=False)
    (tmp_path / "new" / "a.txt").touch()
    with pytest.raises(
        MachineError, match=r"expected a new or empty folder, got one with a.txt; name another"
    ):
        require_free(tmp_path / "new", checkpoint, force=False)
    require_free(tmp_path / "new", checkpoint, force=True)
    with pytest.raises(MachineError, match="expected a folder, got a file"):
        require_free(tmp_path / "new" / "a.txt", checkpoint, force=True)


@pytest.mark.parametrize("inside", [".", "checkpoints", "evaluation/new", "../run/x"])
def test_the_folder_of_a_run_is_its_own(inside: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expected a folder outside the run's"):
        require_free(tmp_path / "run" / inside, leave(tmp_path / "run"), force=True)


@pytest.mark.parametrize("place", ["new/of it", "/proc/new"])
def test_a_folder_that_can_not_be_made_is_told_before(place: str, tmp_path: Path) -> None:
    if place == "new/of it":
        (tmp_path / "new").touch()
    with pytest.raises(MachineError, match=r"--output: .*: can't be written \("):
        require_free(tmp_path / place, leave(tmp_path / "run"), force=False)


def test_files_are_put_into_a_folder_all_at_once(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / NUMBERS).write_text("old")
    with filling(tmp_path / "out") as whole:
        for name in (NUMBERS, "worst.csv"):
            (whole / name).write_text("new")
        assert (tmp_path / "out" / NUMBERS).read_text() == "old"
    found = {path.name: path.read_text() for path in (tmp_path / "out").iterdir()}
    assert found == {NUMBERS: "new", "worst.csv": "new"}


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device", "a")]
)
def test_what_fails_half_way_leaves_nothing(error: BaseException, tmp_path: Path) -> None:
    def fail() -> None:
        with filling(tmp_path / "outputs" / "new") as whole:
            (whole / "worst.csv").write_text("half")
            raise error

    with pytest.raises(type(error)):
        fail()
    assert list(tmp_path.iterdir()) == []
    assert getattr(error, "filename", str(tmp_path / "outputs" / "new")) == str(tmp_path / "outputs" / "new")
