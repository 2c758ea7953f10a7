"""The line that trains a trial again."""

import shlex
from pathlib import Path

import pytest

from kindling.sweep.again import command
from tests.past import leave_run
from tests.sweep.made import section


def line(folder: Path, *jobs: str) -> str:
    for number, words in enumerate(jobs):
        leave_run(folder / str(number), *shlex.split(words))
    [trial] = section(folder).trials
    return command(trial).removeprefix("python train.py ")


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [
        (["model=mlp seed=3"], "model=mlp seed=3"),
        (["model=mlp data.folds=5 data.fold=2"], "model=mlp data.folds=5 data.fold=2"),
        (["model=mlp seed=0", "model=mlp seed=1"], "model=mlp seed=0 seeds=2"),
        (["seed=11 x=1", "seed=9 x=1", "seed=10 x=1"], "x=1 seed=9 seeds=3"),
        (["x=1 seed=0", "x=1 seed=7"], "-m x=1 seed=0,7"),
        (["x=1 data.folds=2 data.fold=0", "x=1 data.folds=2 data.fold=1"], "x=1 cv=2"),
        (
            ["x=1 data.folds=3 data.fold=0", "x=1 data.folds=3 data.fold=2"],
            "-m x=1 data.folds=3 data.fold=0,2",
        ),
        (
            [f"x=1 seed={seed} data.folds=2 data.fold={fold}" for seed in (0, 1) for fold in (0, 1)],
            "x=1 seed=0 seeds=2 cv=2",
        ),
        (["x=1 seed=0 seeds=1 cv=null", "x=1 seed=1 seeds=1 cv=null"], "x=1 cv=null seed=0 seeds=2"),
    ],
)
def test_seeds_and_folds_are_told_as_they_are_typed(jobs: list[str], expected: str, tmp_path: Path) -> None:
    assert line(tmp_path, *jobs) == expected


def test_it_can_be_pasted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINDLING_RUNNER", "scripts/run ")
    leave_run(tmp_path / "0", "model.hidden=[64, 64]", "data.path='a b.csv'")
    told = command(section(tmp_path).trials[0])
    assert told.startswith("scripts/run python train.py ")
    assert shlex.split(told)[3:] == ["model.hidden=[64, 64]", "data.path='a b.csv'"]
