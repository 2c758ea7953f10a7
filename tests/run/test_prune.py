"""A job reports to the search of its sweep epoch by epoch, and ends where that says so."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from omegaconf import DictConfig

from kindling.build import build
from kindling.error import PrunedError, RunError
from kindling.run.folder import Run
from kindling.run.prune import Prune
from kindling.sweep.optuna import Optuna
from kindling.sweep.search import Choice, Goal, Result
from tests.conftest import QUIET

WORDS = ["data=wine", "trainer.max_epochs=4", "trainer.limit_val_batches=1.0"]
Built = tuple[Any, Any, Any]
Job = Callable[..., Built]


@pytest.fixture
def search(tmp_path: Path) -> Optuna:
    """One whose first trial, number 0, is about to run."""
    found = Optuna(pruner={"median": {"n_startup_trials": 1}})
    found.begin({"optimizer": Choice(("adam", "sgd"))}, tmp_path, Goal("val/loss", "min"))
    assert found.ask()
    return found


@pytest.fixture
def job(composed: Callable[..., DictConfig], tmp_path: Path) -> Job:
    return lambda trial, *words: build(composed(*QUIET, *WORDS, *words), tmp_path / str(trial), trial=trial)


def train(built: Built) -> Any:
    data, module, trainer = built
    trainer.fit(module, data)
    return trainer


def known(search: Optuna, number: int) -> list[int]:
    return sorted(search.study.trials[number].intermediate_values)


def set_bar(search: Optuna, value: float) -> None:
    """Have trial 0 end with such values, and ask for trial 1."""
    trial = search.study.trials[0]
    for epoch in range(1, 5):
        search.study._storage.set_trial_intermediate_value(trial._trial_id, epoch, value)
    search.tell(next(iter([search._trial(0, trial.params)])), Result("done", {"val/loss": value}))
    assert search.ask()


def test_each_epoch_is_reported_the_last_one_too(search: Optuna, job: Job) -> None:
    trainer = train(job(0))
    assert known(search, 0) == [1, 2, 3, 4]
    rows = next(one for one in trainer.callbacks if hasattr(one, "rows")).rows
    assert list(search.study.trials[0].intermediate_values.values()) == [row["val/loss"] for row in rows]


def test_one_that_lags_behind_ends_before_the_next_epoch(search: Optuna, job: Job, tmp_path: Path) -> None:
    set_bar(search, 0.001)
    with pytest.raises(PrunedError, match=r"^pruned after epoch 1 of 4: val/loss \d.* is behind the other"):
        train(job(1))
    assert known(search, 1) == [1]


def test_one_that_keeps_up_goes_on(search: Optuna, job: Job) -> None:
    set_bar(search, 1000.0)
    assert train(job(1)).current_epoch == 4


def test_epochs_without_a_validation_are_not_reported(search: Optuna, job: Job) -> None:
    train(job(0, "+trainer.check_val_every_n_epoch=2"))
    assert known(search, 0) == [2, 4]


def test_a_run_that_goes_on_reports_what_the_search_does_not_know(search: Optuna, job: Job) -> None:
    data, module, trainer = job(0)
    prune = next(one for one in trainer.callbacks if isinstance(one, Prune))
    prune.record.rows = [{"epoch": 1, "val/loss": 0.5}, {"epoch": 2, "val/loss": 0.25}]
    trainer.fit(module, data)
    assert search.study.trials[0].intermediate_values[2] == 0.25


def test_of_several_processes_the_first_decides_for_all(search: Optuna, job: Job) -> None:
    _, module, trainer = job(0)
    prune = next(one for one in trainer.callbacks if isinstance(one, Prune))
    prune.record.rows = [{"epoch": 1, "val/loss": 0.5}]

    class Other:
        is_global_zero, world_size, max_epochs, strategy = False, 2, 4, None

    other: Any = Other()
    for said in (True, False):
        other.strategy = type("Strategy", (), {"broadcast": staticmethod(lambda _, said=said: said)})
        if said:
            with pytest.raises(PrunedError):
                prune.on_train_epoch_start(other, module)
        else:
            prune.on_train_epoch_start(other, module)
    assert known(search, 0) == []  # it is not the one to report


@pytest.mark.parametrize("number", [7, 0])
def test_a_number_without_a_search_is_told(number: int, job: Job, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=f"^trial: expected one of a search .*, got {number}; leave it out"):
        train(job(number))


def test_the_status_of_a_pruned_run_is_no_failure(tmp_path: Path) -> None:
    with pytest.raises(PrunedError) as caught, Run(tmp_path / "run", {}, ["seed=1"]):
        raise PrunedError("pruned after epoch 1 of 4")
    found = json.loads((tmp_path / "run" / "status.json").read_text())
    assert (found["status"], found["exit_code"], found["error"]) == ("pruned", 0, None)
    assert caught.value.exit_code == 0
