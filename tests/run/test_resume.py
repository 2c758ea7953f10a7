"""A run that ended, stopped or was killed goes on to what it would have been."""

import signal
import sys
from pathlib import Path

import pytest
import torch

from tests.conftest import status
from tests.copied import run_copy, signals
from tests.run.resumed import WORDS, Copy, altered, resume, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows copies no process")


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


def test_a_start_that_was_killed_begins_again(tmp_path: Path) -> None:
    words = ("trainer.max_epochs=1", "resume=auto")
    killed = signals("pathlib.Path.replace", 1, signal.SIGKILL)
    place = f"hydra.run.dir={tmp_path / 'run'}"
    assert run_copy(tmp_path, *WORDS, *words, place, before=killed).returncode == -signal.SIGKILL
    assert not (tmp_path / "run" / "config.yaml").exists()
    ended = run(tmp_path, *words)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert not list((tmp_path / "run").glob(".status*"))
