"""A report ranks by the monitored metric, and tells what each setting does to it."""

from pathlib import Path
from typing import Any

import pytest

from kindling.error import RunError
from kindling.run.listing import find_entries
from kindling.run.report import Report, in_ranges
from kindling.run.table import lines
from tests.past import leave_run, optimizer


def report(folder: Path) -> Report:
    return Report(find_entries([str(folder)])[0])


def effects(found: Report) -> dict[str, list[list[str]]]:
    """The rows of each setting's table."""
    return {name: [line.split() for line in lines(found.effect(name))[1:]] for name in found.varying()}


@pytest.fixture
def sweep(tmp_path: Path) -> Path:
    """Two rates with two seeds each, and one job that failed."""
    for job, (lr, seed, loss) in enumerate([(0.1, 0, 0.4), (0.1, 1, 0.2), (0.02, 0, 0.1), (0.02, 1, 0.5)]):
        words = [f"optimizer.lr={lr}", f"seed={seed}", "model=mlp"]
        leave_run(tmp_path / str(job), *words, loss=loss, settings={**optimizer(lr), "seed": seed})
    leave_run(tmp_path / "4", "optimizer.lr=0.1", "seed=2", "model=mlp", status="failed", loss=0.01)
    return tmp_path


def test_jobs_are_ranked_and_those_not_done_stand_last(sweep: Path) -> None:
    found = report(sweep)
    assert [run.folder.name for run in found.runs] == ["2", "1", "0", "3", "4"]
    assert found.summary() == "5 runs: 4 done, 1 failed; by val/loss, lower is better"
    assert found.names()[:5] == ["run", "status", "optimizer.lr", "seed", "val/loss"]
    best = next(part for part in found.parts() if isinstance(part, str) and "best" in part)
    assert best.splitlines()[1:] == [
        f"best: {sweep / '2'}, val/loss 0.1",
        "  python train.py optimizer.lr=0.02 seed=0 model=mlp",
    ]


def test_each_value_has_its_mean_and_best_of_the_runs_that_are_done(sweep: Path) -> None:
    assert effects(report(sweep)) == {
        "optimizer.lr": [["0.02", "2", "0.3", "0.1"], ["0.1", "2", "0.3", "0.2"]],
        "seed": [["0", "2", "0.25", "0.1"], ["1", "2", "0.35", "0.2"]],
    }


def test_higher_is_better_where_the_run_says_so(tmp_path: Path) -> None:
    high: dict[str, Any] = {"monitor": {"metric": "val/loss", "mode": "max"}}
    for job, loss in enumerate([0.1, 0.3, 0.2]):
        leave_run(tmp_path / str(job), f"seed={job % 2}", loss=loss, settings={**high, "seed": job % 2})
    found = report(tmp_path)
    assert [run.folder.name for run in found.runs] == ["1", "2", "0"]
    assert effects(found)["seed"] == [["0", "2", "0.15", "0.2"], ["1", "1", "0.3", "0.3"]]


def test_a_setting_that_was_not_typed_counts_with_its_value(tmp_path: Path) -> None:
    leave_run(tmp_path / "0")
    leave_run(tmp_path / "1", "optimizer.lr=0.02", settings=optimizer(0.02))
    assert [row[0] for row in effects(report(tmp_path))["optimizer.lr"]] == ["0.01", "0.02"]


def test_the_metric_is_that_of_most_runs(tmp_path: Path) -> None:
    for job in range(3):
        other = {"monitor": {"metric": "val/f1", "mode": "max"}} if job == 1 else {}
        leave_run(tmp_path / str(job), settings=other)
    found = report(tmp_path)
    assert (found.metric, found.left_out) == ("val/loss", 1)


def test_many_numbers_are_told_in_quarters() -> None:
    assert in_ranges(list(range(8))) == [*map(str, range(8))]
    assert in_ranges([*range(1, 10), 100])[::3] == ["1 to 3.25", "3.25 to 5.5", "5.5 to 7.75", "7.75 to 100"]
    assert in_ranges([*range(9), "x"])[-2:] == ["8", "x"]


def test_without_a_run_that_is_done_there_is_no_best(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="expected runs with a monitored metric"):
        report(tmp_path)
    leave_run(tmp_path / "a", status="failed")
    told, table = report(tmp_path).parts()
    assert isinstance(told, str)
    assert told.startswith("1 runs: 1 failed")
    assert not isinstance(table, str)
