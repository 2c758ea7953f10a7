"""train.py with a search: pruned jobs, several objectives; the same command again trains nothing."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.copied import Ended, run_copy

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows copies no process")
COMMON = ["data=wine", "trainer=cpu", "callback=[]", "logger=[csv]", "sweep.name=s"]
LR = "optimizer.lr=tag(log,interval(1e-4,1e-1))"


def sweep(folder: Path, *words: str) -> Ended:
    return run_copy(folder, *COMMON, *words)


def jobs(folder: Path) -> dict[str, dict[str, Any]]:
    found = sorted((folder / "outputs/sweep/s").glob("*/status.json"))
    return {path.parent.name: json.loads(path.read_text()) for path in found}


def test_pruned_jobs_end_early_and_well_and_stay_so(tmp_path: Path) -> None:
    words = ["sweep=asha", "sweep.trials=3", LR, "trainer.max_epochs=2", "seeds=2"]
    assert sweep(tmp_path, *words).returncode == 0
    before = jobs(tmp_path)
    statuses = [facts["status"] for facts in before.values()]
    assert set(statuses) == {"done", "pruned"}
    assert {facts["exit_code"] for facts in before.values()} == {0}
    pruned = [name for name, facts in before.items() if facts["status"] == "pruned"]
    assert all("seed=0" in before[name]["overrides"] for name in pruned), "the others are not begun"
    for name in before:
        folder = tmp_path / "outputs/sweep/s" / name
        assert (folder / "metrics.json").exists() == (name not in pruned)
        assert not any(word.startswith("trial") for word in before[name]["overrides"])
        assert "trial" not in (folder / "config.yaml").read_text()
        assert "trial=" not in (folder / "command.txt").read_text()
    again = sweep(tmp_path, *words)
    assert (again.returncode, jobs(tmp_path)) == (0, before)
    other = sweep(tmp_path, "sweep=optuna", *words[1:])
    assert (other.returncode, jobs(tmp_path)) == (5, before), "whose trials none may end"


def test_several_objectives_end_with_what_none_beats(tmp_path: Path) -> None:
    words = ["sweep=optuna", "sweep.objectives=[val/loss,val/accuracy]", "sweep.trials=2", LR]
    ended = sweep(tmp_path, *words, "trainer.max_epochs=1")
    assert ended.returncode == 0
    assert "sweep: none beats these in all of val/loss, val/accuracy:\n" in ended.stdout


def test_more_seeds_join_the_one_that_is_there(tmp_path: Path) -> None:
    words = ["optimizer.lr=0.01,0.1", "trainer.max_epochs=1"]
    assert sweep(tmp_path, "-m", *words).returncode == 0
    before = jobs(tmp_path)
    again = sweep(tmp_path, "-m", *words, "seeds=2")
    after = jobs(tmp_path)
    assert (len(before), len(after)) == (2, 4)
    assert after.items() >= before.items()
    assert " seed=0 seeds=2\n" in again.stdout
