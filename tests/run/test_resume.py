"""What a run that ended, stopped or is running says to a line that resumes it, and what it leaves alone."""

import json
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from kindling.error import RunError
from kindling.run.process import this_process
from kindling.run.resume import find_past
from scripts.benchmark.same import differences
from tests.conftest import status
from tests.copied import Ended, run_copy, signals

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows copies no process")
WORDS = ["data=wine", "callback=[]", "trainer=cpu", "save_interval=0", "logger=[csv]"]
STEP = "kindling.module.LitModule.training_step"
Copy = Callable[[Path], Path]


def run(folder: Path, *words: str) -> Ended:
    return run_copy(folder, *WORDS, f"hydra.run.dir={folder / 'run'}", *words)


def resume(folder: Path, *words: str) -> Ended:
    return run_copy(folder, f"resume={folder / 'run'}", *words)


def content(folder: Path) -> dict[Path, bytes]:
    """All that a run has left, but for what it was told since."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "log.txt")
    return {path: path.read_bytes() for path in files}


def altered(folder: Path, reference: Path) -> list[str]:
    """In what it differs, but for the words that resumed it."""
    return [
        place for place in differences(folder, reference) if not place.endswith("/kindling/config/resume")
    ]


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders with a run of three epochs, one of six, and one of six that was stopped in the second."""
    folders = {name: tmp_path_factory.mktemp(name) for name in ("three", "six", "stopped")}
    assert run(folders["three"], "trainer.max_epochs=3").returncode == 0
    assert run(folders["six"], "trainer.max_epochs=6").returncode == 0
    stop = signals(STEP, 6, signal.SIGTERM)
    words = [*WORDS, "trainer.max_epochs=6", f"hydra.run.dir={folders['stopped'] / 'run'}"]
    assert run_copy(folders["stopped"], *words, before=stop).returncode == 143
    return folders


@pytest.fixture
def copy(left: dict[str, Path], tmp_path: Path) -> Callable[[str], Path]:
    """A copy of one of them, to do something with."""

    def copied(name: str) -> Path:
        shutil.copytree(left[name] / "run", tmp_path / "run")
        return tmp_path / "run"

    return copied


def test_three_epochs_and_three_more_are_six(copy: Copy, left: dict[str, Path], tmp_path: Path) -> None:
    mine = copy("three")
    ended = resume(tmp_path, "trainer.max_epochs=6")
    assert ended.returncode == 0, ended.stderr
    assert "goes on after 3 epochs\n" in ended.stdout
    assert altered(mine, left["six"] / "run") == []


def test_a_stopped_run_goes_on_with_other_loggers_and_workers(
    copy: Copy, left: dict[str, Path], tmp_path: Path
) -> None:
    mine = copy("stopped")
    ended = resume(tmp_path, "logger=[tensorboard,csv]", "data.in_memory=false", "data.workers=1")
    assert ended.returncode == 0, ended.stderr
    assert "goes on after 1 epochs, after batch 2 of epoch 2\n" in ended.stdout
    kept, whole = (
        torch.load(folder / "checkpoints" / "last.ckpt", weights_only=True)
        for folder in (mine, left["six"] / "run")
    )
    for name, weight in whole["state_dict"].items():
        assert torch.equal(kept["state_dict"][name], weight)
    assert (mine / "metrics.csv").read_text() == (left["six"] / "run" / "metrics.csv").read_text()
    assert (mine / "tensorboard").exists()


def test_the_newest_run_is_named_last(copy: Copy, tmp_path: Path) -> None:
    mine = copy("stopped")
    place = tmp_path / "outputs" / "2026-01-01" / "a"
    place.parent.mkdir(parents=True)
    mine.rename(place)
    assert run_copy(tmp_path, "resume=last").returncode == 0
    assert status(place)["status"] == "done"


def test_auto_begins_in_an_empty_folder_and_goes_on_in_another(copy: Copy, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    first = run_copy(tmp_path, *WORDS, "trainer.max_epochs=1", "hydra.run.dir=new", "resume=auto")
    assert (first.returncode, "goes on" in first.stdout) == (0, False)
    copy("stopped")
    second = run(tmp_path, "trainer.max_epochs=6", "resume=auto")
    assert (second.returncode, "goes on" in second.stdout) == (0, True)


def test_a_run_that_has_ended_says_so_and_changes_nothing(copy: Copy, tmp_path: Path) -> None:
    before = content(copy("three"))
    ended = resume(tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "has ended, nothing is left to do" in ended.stdout
    assert content(tmp_path / "run") == before


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["model.hidden=[8]"], "resume: model.hidden was [64, 64] as "),
        (["data.batch_size=16"], "resume: data.batch_size was 32 as "),
        (["seed=1"], "resume: seed was 0 as "),
        (["optimizer=sgd"], "resume: optimizer._target_ was torch.optim.Adam as "),
        (["trainer.max_epochs=2"], "resume: expected trainer.max_epochs=6 or more, got 2"),
    ],
)
def test_what_would_alter_the_result_is_refused_and_changes_nothing(
    words: list[str], line: str, copy: Copy, tmp_path: Path
) -> None:
    before = content(copy("stopped"))
    ended = resume(tmp_path, *words)
    assert (ended.returncode, ended.stderr.count("\n")) == (5, 1), ended.stderr
    assert ended.stderr.startswith(line)
    assert content(tmp_path / "run") == before


def test_other_data_are_refused_and_change_nothing(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    rows = [f"{row % 17},{row % 2}" for row in range(100)]
    table.write_text("\n".join(["size,good", *rows]))
    words = ["data=csv", f"data.path={table}", "data.target=good", "trainer.max_epochs=3"]
    stop = signals(STEP, 2, signal.SIGTERM)
    words = [*words, *WORDS[1:], f"hydra.run.dir={tmp_path / 'run'}"]
    assert run_copy(tmp_path, *words, before=stop).returncode == 143
    before = content(tmp_path / "run")
    table.write_text("\n".join(["size,good", *rows[:50], "99,1", *rows[51:]]))
    ended = resume(tmp_path)
    assert (ended.returncode, ended.stderr.count("\n")) == (5, 1), ended.stderr
    assert ended.stderr.startswith("resume: the data's sha256 was ")
    assert content(tmp_path / "run") == before


def test_a_run_that_is_running_is_left_alone(copy: Copy, tmp_path: Path) -> None:
    mine = copy("stopped")
    running = {**status(mine), "status": "running", "process": this_process()}
    (mine / "status.json").write_text(json.dumps(running))
    before = content(mine)
    ended = resume(tmp_path)
    assert (ended.returncode, ended.stderr.count("\n")) == (5, 1)
    assert "is running, as process" in ended.stderr
    assert content(mine) == before


@pytest.mark.parametrize("both", [False, True])
def test_a_damaged_state_gives_way_to_its_predecessor(
    both: bool, copy: Copy, left: dict[str, Path], tmp_path: Path
) -> None:
    mine = copy("stopped")
    for path in [mine / "checkpoints" / "last.ckpt", mine / "checkpoints" / "previous" / "last.ckpt"][
        : 1 + both
    ]:
        path.write_bytes(path.read_bytes()[:-100])
    ended = resume(tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert f"skipped: {mine}/checkpoints/last.ckpt: damaged" in ended.stdout
    assert ("begins anew" in ended.stdout) == both
    assert altered(mine, left["six"] / "run") == []


def test_a_schedule_that_knows_the_length_takes_no_more_epochs(tmp_path: Path) -> None:
    assert run(tmp_path, "scheduler=onecycle", "trainer.max_epochs=1").returncode == 0
    before = content(tmp_path / "run")
    ended = resume(tmp_path, "trainer.max_epochs=2")
    assert (ended.returncode, ended.stderr.count("\n")) == (5, 1)
    assert "was laid out for 1 epochs" in ended.stderr
    assert content(tmp_path / "run") == before


def test_a_run_that_stopped_early_takes_no_more_epochs(tmp_path: Path) -> None:
    early = ["callback=[early_stopping]", "callback.early_stopping.patience=0", "optimizer.lr=0.5"]
    assert run(tmp_path, *early, "trainer.max_epochs=30").returncode == 0
    before = content(tmp_path / "run")
    ended = resume(tmp_path, "trainer.max_epochs=60")
    assert (ended.returncode, ended.stderr.count("\n")) == (5, 1), ended.stdout
    assert "stopped early after epoch" in ended.stderr
    assert content(tmp_path / "run") == before


def test_a_start_that_was_killed_begins_again(tmp_path: Path) -> None:
    words = ("trainer.max_epochs=1", "resume=auto")
    killed = signals("pathlib.Path.replace", 1, signal.SIGKILL)
    place = f"hydra.run.dir={tmp_path / 'run'}"
    assert run_copy(tmp_path, *WORDS, *words, place, before=killed).returncode == -signal.SIGKILL
    assert not (tmp_path / "run" / "config.yaml").exists()
    ended = run(tmp_path, *words)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert not list((tmp_path / "run").glob(".status*"))


def test_a_start_clears_nothing_of_the_users_and_of_a_run_that_lives(tmp_path: Path) -> None:
    (tmp_path / "status.json").write_text(json.dumps({"status": "running", "process": this_process()}))
    with pytest.raises(RunError, match="is running"):
        find_past("auto", tmp_path)
    (tmp_path / "status.json").write_text("{}")
    (tmp_path / "notes.txt").write_text("mine")
    assert find_past("auto", tmp_path) is None
    assert {path.name for path in tmp_path.iterdir()} == {"status.json", "notes.txt"}
