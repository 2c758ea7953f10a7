"""Checkpoints that are not the run's own, or not all there, when a run goes on."""

import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from kindling.error import RunError
from kindling.run.restore import NEEDED, require_parts
from kindling.run.store import bring_back
from kindling.run.verify import verify
from tests.copied import run_copy, signals
from tests.run.resumed import STEP, WORDS, altered, content, resume, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows copies no process")
EPOCHS = ["trainer.max_epochs=4"]


def stop(folder: Path, *words: str, step: int = 14) -> Path:
    """A run that was stopped in its last epoch, of four steps each."""
    told = [*WORDS, *EPOCHS, f"hydra.run.dir={folder / 'run'}", *words]
    assert run_copy(folder, *told, before=signals(STEP, step, signal.SIGTERM)).returncode == 143
    return folder / "run"


def test_a_state_at_the_end_of_an_epoch_goes_on_where_steps_are_limited(tmp_path: Path) -> None:
    words = [*EPOCHS, "+trainer.max_steps=1000", "save_interval=1000"]
    whole = tmp_path / "whole"
    whole.mkdir()
    assert run(whole, *words).returncode == 0
    told = [*WORDS, *words, f"hydra.run.dir={tmp_path / 'run'}"]
    assert run_copy(tmp_path, *told, before=signals(STEP, 14, signal.SIGKILL)).returncode != 0
    ended = resume(tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "epochs\n" in ended.stdout.partition("goes on after ")[2], "at the end of an epoch"
    assert altered(tmp_path / "run", whole / "run") == []


@pytest.mark.parametrize("word", ["seed=7", "optimizer=sgd", "model.hidden=[5]"])
def test_the_state_of_another_run_is_refused_and_nothing_changes(word: str, tmp_path: Path) -> None:
    mine, other = stop(tmp_path), tmp_path / "other"
    other.mkdir()
    shutil.rmtree(mine / "checkpoints")
    shutil.copytree(stop(other, word) / "checkpoints", mine / "checkpoints")
    before = content(mine)
    ended = resume(tmp_path)
    assert (ended.returncode, ended.stderr.count("\n")) == (5, 1)
    assert "last.ckpt: is of another run, " in ended.stderr
    assert content(mine) == before


def test_best_weights_that_are_gone_are_told_before_training(tmp_path: Path) -> None:
    mine = stop(tmp_path)
    for path in mine.glob("checkpoints/**/best.ckpt"):
        path.unlink()
    ended = resume(tmp_path)
    assert ended.returncode == 5
    assert ended.stderr.endswith("best.ckpt: the best weights so far are gone or damaged; bring them back\n")


@pytest.mark.parametrize("part", [("kindling", "config"), ("callbacks", "Record"), ("epoch",)], ids=" ".join)
def test_a_state_that_lacks_a_part_is_refused(part: tuple[str, ...]) -> None:
    state: dict[str, Any] = {}
    for place in NEEDED:
        inner = state
        for key in place[:-1]:
            inner = inner.setdefault(key, {})
        inner[place[-1]] = None
    require_parts(state, Path("last.ckpt"))
    *above, key = part
    inner = state
    for name in above:
        inner = inner[name]
    del inner[key]
    with pytest.raises(RunError, match=f"^last.ckpt: expected the state of a run, got one without {part[0]}"):
        require_parts(state, Path("last.ckpt"))


def spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_best_weights_that_a_killed_write_has_spoilt_come_back(tmp_path: Path) -> None:
    best = stop(tmp_path) / "checkpoints" / "best.ckpt"
    before = best.read_bytes()
    for name in ("best.ckpt", "best.ckpt.sha256"):
        shutil.copy(best.parent / name, best.parent / "previous" / name)
    spoil(best)
    bring_back(best)
    verify(best)
    assert best.read_bytes() == before
    spoil(best.parent / "previous" / "best.ckpt")
    bring_back(best)
    assert best.read_bytes() == before, "there is nothing to mend"
    ended = resume(tmp_path)
    assert ended.returncode == 0, ended.stderr


def test_older_weights_never_stand_in_for_the_best(tmp_path: Path) -> None:
    best = stop(tmp_path) / "checkpoints" / "best.ckpt"
    assert (best.parent / "previous" / "best.ckpt").exists()
    spoil(best)
    ended = resume(tmp_path)
    assert (ended.returncode, ended.stderr.count("\n")) == (5, 1)
    assert "the best weights so far are gone or damaged" in ended.stderr


def test_checkpoints_copied_without_their_sha256_go_on(tmp_path: Path) -> None:
    mine = stop(tmp_path)
    for path in mine.glob("checkpoints/**/*.sha256"):
        path.unlink()
    ended = resume(tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "goes on after 3 epochs, after batch 2 of epoch 4" in ended.stdout
