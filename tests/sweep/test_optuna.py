"""A search by Optuna: what it asks for, what it keeps, and how it goes on after it was killed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import optuna
import pytest
from optuna.trial import TrialState

from kindling.error import ConfigError
from kindling.sweep.optuna import Optuna
from kindling.sweep.search import Choice, Goal, Interval, Result, Space, Trial
from kindling.sweep.study import FILE, Reported, storage

GOAL = Goal("val/loss", "min")
SPACE: Space = {"optimizer": Choice(("adam", "sgd")), "optimizer.lr": Interval(1e-4, 1e-1, log=True)}


def begun(folder: Path, space: Space = SPACE, **settings: Any) -> Optuna:
    search = Optuna(**{"trials": 6, **settings})
    search.modes = {"val/loss": "min", "val/accuracy": "max"}
    search.begin(space, folder, GOAL)
    return search


def result(trial: Trial) -> Result:
    loss = abs(float(trial.values["optimizer.lr"]) - 0.01) + (trial.values["optimizer"] == "sgd")
    return Result("done", {"val/loss": loss, "val/accuracy": float(trial.values["optimizer.lr"])})


def run(search: Optuna, end: Callable[[Trial], Result] = result, most: int = 1000) -> list[Trial]:
    found: list[Trial] = []
    while len(found) < most and (trial := search.ask()):
        found.append(trial)
        search.tell(trial, end(trial))
    return found


def states(search: Optuna) -> list[str]:
    return [trial.state.name for trial in search.study.trials]


@pytest.mark.parametrize("sampler", ["tpe", "random", "cmaes", "nsga2", {"tpe": {"n_startup_trials": 2}}])
def test_trials_are_chosen_from_the_space(sampler: Any, tmp_path: Path) -> None:
    found = run(begun(tmp_path, sampler=sampler))
    assert [trial.number for trial in found] == list(range(6))
    assert all(trial.values["optimizer"] in ("adam", "sgd") for trial in found)
    assert all(1e-4 <= float(trial.values["optimizer.lr"]) <= 1e-1 for trial in found)


def test_it_learns(tmp_path: Path) -> None:
    found = run(begun(tmp_path, trials=40))
    late = [trial.values for trial in found[20:]]
    assert sum(values["optimizer"] == "adam" for values in late) > 10
    assert sum(0.003 < float(values["optimizer.lr"]) < 0.03 for values in late) > 10


@pytest.mark.parametrize("killed", [1, 3, 6])
def test_a_sweep_that_was_killed_goes_on_as_if_it_had_not_been(killed: int, tmp_path: Path) -> None:
    whole, folder = tmp_path / "whole", tmp_path / "killed"
    whole.mkdir()
    folder.mkdir()
    first = begun(folder)
    run(first, most=killed - 1)
    assert first.ask()  # and is killed before it is told
    again = run(begun(folder))
    assert again == run(begun(whole))
    assert states(begun(folder)) == ["COMPLETE"] * 6


def test_earlier_trials_count_and_stay_as_they_are(tmp_path: Path) -> None:
    run(begun(tmp_path))
    before = begun(tmp_path).study.trials
    search = begun(tmp_path, trials=8)
    assert len(run(search, lambda _: Result("done", {"val/loss": 0.0}))) == search.total == 8
    assert search.study.trials[:6] == before


def test_fewer_trials_than_there_have_been_bring_all_of_them_back(tmp_path: Path) -> None:
    found = run(begun(tmp_path))
    search = begun(tmp_path, trials=2)
    assert search.total == 6
    assert run(search) == found


def test_one_that_was_killed_while_it_was_chosen_is_left(tmp_path: Path) -> None:
    search = begun(tmp_path)
    search.study.ask().suggest_categorical("optimizer", ("adam", "sgd"))
    assert len(run(begun(tmp_path))) == 6
    assert states(search) == ["FAIL"] + ["COMPLETE"] * 6


def test_a_trial_that_failed_is_tried_again_by_the_next_start_and_counts_once(tmp_path: Path) -> None:
    search = begun(tmp_path)
    first = run(search, lambda one: Result("failed", {}) if one.number == 2 else result(one))
    assert states(search)[2] == "FAIL"
    begun(tmp_path)  # and is killed at once
    again = run(begun(tmp_path))
    assert len(again) == 6
    assert again[-1].values == first[2].values
    assert sorted(states(search)) == ["COMPLETE"] * 6 + ["FAIL"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None])
def test_what_is_no_number_is_a_failure_and_ends_nothing(value: float | None, tmp_path: Path) -> None:
    search = begun(tmp_path)
    metrics = {} if value is None else {"val/loss": value}
    assert len(run(search, lambda one: Result("done", metrics) if one.number == 0 else result(one))) == 6
    assert states(search) == ["FAIL"] + ["COMPLETE"] * 5


def test_it_ends_where_most_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    search = begun(tmp_path, trials=50)
    found = run(search, lambda one: result(one) if one.number < 3 else Result("failed", {}))
    assert len(found) == 8
    assert capsys.readouterr().out == (
        "sweep: 5 of 8 trials have failed; ends early, mend what is common to them\n"
    )


def test_trials_may_run_side_by_side_and_end_in_any_order(tmp_path: Path) -> None:
    search = begun(tmp_path)
    trials = [trial for trial in (search.ask() for _ in range(7)) if trial]
    for trial in reversed(trials):
        search.tell(trial, result(trial))
    assert states(search) == ["COMPLETE"] * 6


def test_values_that_come_again_are_told_again(tmp_path: Path) -> None:
    search = begun(tmp_path, {"optimizer": Choice(("adam", "sgd"))})
    run(search, lambda trial: Result("done", {"val/loss": float(trial.values["optimizer"] == "sgd")}))
    assert {trial.value for trial in search.study.trials} == {0.0, 1.0}


def test_another_scale_is_refused_as_optuna_would_in_a_traceback(tmp_path: Path) -> None:
    run(begun(tmp_path))
    with pytest.raises(ConfigError, match=r"log as this search began, .*; choose another sweep\.name"):
        begun(tmp_path, SPACE | {"optimizer.lr": Interval(1e-4, 1e-1)})


def test_another_range_is_told_and_other_words_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(begun(tmp_path))
    begun(tmp_path, SPACE | {"optimizer.lr": Interval(1e-3, 1e-2, log=True)})
    assert capsys.readouterr().out == (
        "sweep: optimizer.lr: was interval(0.0001,0.1), log as this search began, "
        "got interval(0.001,0.01), log; trials of before count as they are\n"
    )
    with pytest.raises(ConfigError, match=r"^optimizer: was adam, sgd as .*, got adam, muon; choose"):
        begun(tmp_path, SPACE | {"optimizer": Choice(("adam", "muon"))})


def test_a_line_that_was_written_by_half_is_cut_off(tmp_path: Path) -> None:
    found = run(begun(tmp_path), most=3)
    with (tmp_path / FILE).open("a") as file:
        file.write('{"op_code":5,"study')
    assert run(begun(tmp_path))[:3] == found


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    search = begun(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILE, f"{FILE}.lock"]
    assert run(search)  # the lock's file stays, and holds nothing


def test_several_objectives_are_weighed_and_the_end_lists_what_none_beats(tmp_path: Path) -> None:
    search = begun(tmp_path, objectives=["val/loss", "val/accuracy"])
    run(search)
    assert [direction.name for direction in search.study.directions] == ["MINIMIZE", "MAXIMIZE"]
    first, *lines = search.summary()
    assert first == "sweep: none beats these in all of val/loss, val/accuracy:"
    assert len(lines) == len(search.study.best_trials)
    assert all(" optimizer=" in line and " optimizer.lr=" in line for line in lines)


def test_one_objective_has_no_front(tmp_path: Path) -> None:
    assert begun(tmp_path).summary() == []


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"sampler": "tpee"}, "sweep.sampler: expected one of tpe, random, .*, got tpee"),
        ({"sampler": {}}, "sweep.sampler: expected one of .*, got nothing"),
        ({"sampler": {"tpe": {}, "random": {}}}, "sweep.sampler: .*, got tpe, random"),
        ({"sampler": {"tpe": {"foo": 1}}}, "sweep.sampler=tpe: .*'foo'; change its settings"),
        ({"pruner": {"median": {"n_startup_trials": -1}}}, "sweep.pruner=median: .*; change its settings"),
    ],
)
def test_what_optuna_refuses_is_told(settings: dict[str, Any], told: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=told):
        begun(tmp_path, **settings)


def test_a_job_finds_its_trial_by_a_word_while_it_runs(tmp_path: Path) -> None:
    search = begun(tmp_path, pruner="median")
    trial = search.ask()
    assert trial
    assert search.words(trial) == ["trial=0"]
    search.tell(trial, result(trial))
    assert search.words(trial) == []


def test_without_a_pruner_nothing_is_reported(tmp_path: Path) -> None:
    search = begun(tmp_path)
    trial = search.ask()
    assert trial
    assert search.words(trial) == []


@pytest.mark.parametrize("pruner", ["median", "asha", "hyperband", {"asha": {"reduction_factor": 2}}])
def test_a_trial_that_lags_behind_is_ended(pruner: Any, tmp_path: Path) -> None:
    search = begun(tmp_path, pruner=pruner, trials=30)
    lagging = []
    for number in range(12):
        trial = search.ask()
        assert trial
        reported = Reported(tmp_path, trial.number, "val/loss", 9)
        for epoch in range(1, 10):
            reported.report(epoch, float(number))  # each worse than all before
            if reported.lags():
                lagging.append((number, epoch))
                search.tell(trial, Result("pruned", {}))
                break
        else:
            search.tell(trial, Result("done", {"val/loss": float(number)}))
    assert (0, 1) not in lagging
    assert len(lagging) > 4
    assert states(search).count("PRUNED") == len(lagging)


def test_an_epoch_that_is_run_once_more_is_reported_once(tmp_path: Path) -> None:
    search = begun(tmp_path, pruner="median")
    assert search.ask()
    for value in (1.0, 2.0):
        Reported(tmp_path, 0, "val/loss", 9).report(1, value)
    assert search.study.trials[0].intermediate_values == {1: 1.0}


def test_the_journal_is_one_that_optuna_reads(tmp_path: Path) -> None:
    run(begun(tmp_path))
    [name] = optuna.get_all_study_names(storage(tmp_path))
    study = optuna.load_study(study_name=name, storage=storage(tmp_path))
    assert name == "val/loss"
    assert [one.state for one in study.trials] == [TrialState.COMPLETE] * 6
