"""Which jobs are one trial, how it is judged, and with what it may be ranked."""

import json
from pathlib import Path
from typing import Any

import pytest

from kindling.error import RunError
from kindling.sweep.summary import Section
from tests.past import leave_run, optimizer
from tests.sweep.made import leave_sweep, report, section


def ranked(found: Section) -> list[tuple[Any, str, str]]:
    return [(one.value("optimizer.lr"), one.count, one.status) for one in found.trials]


def test_jobs_that_differ_in_seed_and_fold_are_one_trial(tmp_path: Path) -> None:
    (tmp_path / "sweep.json").write_text("{}")
    for job, (seed, fold) in enumerate([(0, 0), (0, 1), (1, 0), (1, 1)]):
        words = ["optimizer.lr=0.1", f"seed={seed}", "data.folds=2", f"data.fold={fold}"]
        leave_run(tmp_path / f"{job:03}-{job:08x}", *words, loss=[0.1, 0.2, 0.3, 0.6][job])
    [trial] = section(tmp_path).trials
    assert (trial.name, trial.count) == ("#0-3", "4")
    assert trial.mean("val/loss") == pytest.approx(0.3)
    assert trial.deviation("val/loss") == pytest.approx(0.21602, rel=1e-4)  # of n - 1


def test_one_job_has_no_deviation(tmp_path: Path) -> None:
    [trial] = section(leave_sweep(tmp_path / "a", {0.1: [0.5]})).trials
    assert (trial.mean("val/loss"), trial.deviation("val/loss")) == (0.5, None)


def test_the_best_stand_first_and_those_not_done_last(tmp_path: Path) -> None:
    losses = {0.1: [0.4, 0.2], 0.02: [0.1, 0.3], 0.03: [0.01, None], 0.04: [0.5, 0.5]}
    found = section(leave_sweep(tmp_path / "a", losses))
    assert ranked(found) == [
        (0.02, "2", "done"),
        (0.1, "2", "done"),
        (0.04, "2", "done"),
        (0.03, "1/2", "failed"),
    ]
    assert found.trials[-1].mean("val/loss") == 0.01, "of the job that is done"


def test_higher_is_better_where_the_jobs_say_so(tmp_path: Path) -> None:
    high: dict[str, Any] = {"monitor": {"metric": "val/loss", "mode": "max"}}
    for job, loss in enumerate([0.1, 0.3, 0.2]):
        leave_run(
            tmp_path / str(job), f"optimizer.lr={loss}", loss=loss, settings={**high, **optimizer(loss)}
        )
    assert [one[0] for one in ranked(section(tmp_path))] == [0.3, 0.2, 0.1]


def test_a_trial_is_not_done_while_seeds_are_missing_but_for_a_pruned_one(tmp_path: Path) -> None:
    sweep = leave_sweep(tmp_path / "a", {0.1: [0.4, 0.2], 0.02: [0.1], 0.03: [0.3]})
    status = sweep / "003-00000003" / "status.json"
    status.write_text(json.dumps({**json.loads(status.read_text()), "status": "pruned"}))
    assert [one[2] for one in ranked(section(sweep))] == ["done", "pruned", "stopped"]


def test_a_number_that_is_not_finite_is_none(tmp_path: Path) -> None:
    sweep = leave_sweep(tmp_path / "a", {0.1: [0.4], 0.02: [0.1]})
    (sweep / "001-00000001" / "metrics.json").write_text('{"val/loss": NaN}')
    assert [one.mean("val/loss") for one in section(sweep).trials] == [0.4, None]


def test_each_metric_and_each_task_is_ranked_by_itself(tmp_path: Path) -> None:
    f1: dict[str, Any] = {"monitor": {"metric": "val/f1", "mode": "max"}}
    other: dict[str, Any] = {"task": {"_target_": "kindling.task.regression.Regression"}}
    for job, settings in enumerate([{}, {}, {}, f1, f1, other]):
        leave_run(tmp_path / str(job), f"x={job}", settings=settings)
    kinds = [tuple(one.kind) for one in report(tmp_path).sections]
    assert kinds == [("val/loss", "min", ""), ("val/f1", "max", ""), ("val/loss", "min", "Regression")]


def test_a_job_that_failed_before_it_wrote_its_settings_stands_with_its_sweep(tmp_path: Path) -> None:
    sweep = leave_sweep(tmp_path / "a", {0.1: [0.4], 0.02: [None]})
    (sweep / "001-00000001" / "config.yaml").unlink()
    found = report(sweep)
    assert (found.left_out, [len(one.trials) for one in found.sections]) == (0, [2])
    (sweep / "000-00000000" / "config.yaml").unlink()
    assert report(sweep).sections[0].kind == ("val/loss", "min", ""), "as the sweep itself says"


def test_runs_without_a_metric_are_left_out_and_nothing_else_is_refused(tmp_path: Path) -> None:
    leave_run(tmp_path / "a", status="failed")
    (tmp_path / "a" / "config.yaml").unlink()
    with pytest.raises(RunError, match="expected runs with a monitored metric"):
        report(tmp_path)
    leave_run(tmp_path / "b")
    assert report(tmp_path).left_out == 1


def test_a_setting_that_was_not_typed_counts_with_its_value(tmp_path: Path) -> None:
    leave_run(tmp_path / "0")
    leave_run(tmp_path / "1", "optimizer.lr=0.02", settings=optimizer(0.02))
    found = section(tmp_path)
    assert found.varying == ["optimizer.lr"]
    assert {one[0] for one in ranked(found)} == {0.01, 0.02}
