"""What a run that ended, stopped or is running says to a line that can't resume it, and leaves alone."""

import json
import signal
import sys
from pathlib import Path

import pytest

from kindling.error import RunError
from kindling.run.process import this_process
from kindling.run.resume import find_past
from tests.conftest import status
from tests.copied import run_copy, signals
from tests.run.resumed import STEP, WORDS, Copy, content, resume, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows copies no process")


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


def test_a_start_clears_nothing_of_the_users_and_of_a_run_that_lives(tmp_path: Path) -> None:
    (tmp_path / "status.json").write_text(json.dumps({"status": "running", "process": this_process()}))
    with pytest.raises(RunError, match="is running"):
        find_past("auto", tmp_path)
    (tmp_path / "status.json").write_text("{}")
    (tmp_path / "notes.txt").write_text("mine")
    assert find_past("auto", tmp_path) is None
    assert {path.name for path in tmp_path.iterdir()} == {"status.json", "notes.txt"}
