"""The loop of a sweep: what is started, what is skipped, what each trial comes to."""

import json
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

import pytest

from kindling.sweep.grid import Grid
from kindling.sweep.job import Job
from kindling.sweep.search import Choice, Goal, Result, Trial
from kindling.sweep.sweep import Sweep

GOAL = Goal("val/loss", "min")


class Told(Grid):
    """A grid that remembers what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.results: dict[int, Result] = {}

    def tell(self, trial: Trial, result: Result) -> None:
        self.results[trial.number] = result


class Place:
    """A folder of jobs that are over as they start, or as somebody says so."""

    def __init__(self, folder: Path, members: int = 1) -> None:
        self.folder, self.members = folder, members
        self.started: list[str] = []
        self.waiting: list[tuple[Job, Future[str | None]]] = []
        self.ends = {"a": ("done", 1.0), "b": ("done", 0.5), "c": ("failed", None), "d": ("pruned", None)}
        self.at_once_seen = 0

    def spread(self, trial: Trial) -> Sequence[Job]:
        name = trial.values["x"]
        return [Job((f"x={name}",), self.folder / f"{number:03}-{name}") for number in range(self.members)]

    def leave(self, job: Job, status: str, loss: float | None) -> None:
        job.folder.mkdir()
        (job.folder / "status.json").write_text(json.dumps({"status": status, "error": None}))
        if loss is not None:
            (job.folder / "metrics.json").write_text(json.dumps({"val/loss": loss + job.number}))

    def start(self, job: Job, words: list[str]) -> "Future[str | None]":
        self.started.append(job.folder.name)
        future: Future[str | None] = Future()
        if job.words[0] == "x=lost":
            future.set_result("killed by SIGKILL")
        else:
            self.leave(job, *self.ends[job.words[0].partition("=")[2]])
            future.set_result(None)
        return future


def run(place: Place, *names: str, at_once: int = 1) -> tuple[Sweep, Told, list[str]]:
    search, said = Told(), list[str]()
    search.begin({"x": Choice(names)}, place.folder, GOAL)
    sweep = Sweep(search, GOAL, place.members, place.spread, place.start, at_once, said.append)
    sweep.run()
    return sweep, search, said


def test_each_trial_is_run_and_told(tmp_path: Path) -> None:
    sweep, search, said = run(Place(tmp_path), "a", "b")
    assert search.results == {0: Result("done", {"val/loss": 1.0}), 1: Result("done", {"val/loss": 0.5})}
    assert said[-1] == "sweep: 2/2 done, best val/loss 0.5 x=b"
    assert not any(sweep.jobs.values())


def test_what_is_done_is_not_started_again(tmp_path: Path) -> None:
    run(Place(tmp_path), "a", "c")
    again = Place(tmp_path)
    again.leave = lambda job, status, loss: None  # type: ignore[method-assign]
    _, search, said = run(again, "a", "c", "b")
    assert again.started == ["000-c", "000-b"]
    assert search.results[0] == Result("done", {"val/loss": 1.0})
    assert said[0].startswith("sweep: 1/3 done, 1 failed, best val/loss 1")


@pytest.mark.parametrize(("name", "why"), [("c", "it was failed"), ("lost", "killed by SIGKILL")])
def test_a_job_that_fails_ends_no_other(name: str, why: str, tmp_path: Path) -> None:
    sweep, search, _ = run(Place(tmp_path), name, "a")
    assert list(sweep.jobs.values()) == [why, None]
    assert search.results[0] == Result("failed", {})
    assert search.results[1].status == "done"


def test_a_trial_of_several_jobs_comes_to_their_mean(tmp_path: Path) -> None:
    place = Place(tmp_path, members=3)
    _, search, said = run(place, "a")
    assert place.started == ["000-a", "001-a", "002-a"]
    assert search.results == {0: Result("done", {"val/loss": 2.0})}
    assert said[-1] == "sweep: 3/3 done, best val/loss 2 x=a"


def test_the_other_seeds_of_a_pruned_trial_are_not_run(tmp_path: Path) -> None:
    place = Place(tmp_path, members=3)
    sweep, search, said = run(place, "d", "a")
    assert place.started == ["000-d", "000-a", "001-a", "002-a"]
    assert said[-1].startswith("sweep: 3/4 done, 1 pruned")
    assert search.results[0] == Result("pruned", {})
    assert not any(sweep.jobs.values())


def test_two_trials_of_the_same_values_train_once(tmp_path: Path) -> None:
    place = Place(tmp_path)
    _, search, said = run(place, "a", "a", at_once=2)
    assert place.started == ["000-a"]
    assert search.results[0] == search.results[1] == Result("done", {"val/loss": 1.0})
    assert said[-1].startswith("sweep: 1/2 done")


def test_so_many_run_at_once_and_a_free_place_is_taken_at_once(tmp_path: Path) -> None:
    place, waiting = Place(tmp_path), dict[str, Future[str | None]]()

    def start(job: Job, words: list[str]) -> "Future[str | None]":
        place.started.append(job.folder.name)
        waiting[job.folder.name] = future = Future()
        if len(waiting) == 2:  # the second one ends first
            place.leave(job, "done", 1.0)
            future.set_result(None)
        if len(waiting) == 3:
            assert not waiting["000-a"].done()
            for name, one in waiting.items():
                if not one.done():
                    place.leave(Job((f"x={name[4:]}",), tmp_path / name), "done", 1.0)
                    one.set_result(None)
        return future

    search = Told()
    search.begin({"x": Choice(("a", "b", "c"))}, tmp_path, GOAL)
    Sweep(search, GOAL, 1, place.spread, start, 2, lambda _: None).run()
    assert place.started == ["000-a", "000-b", "000-c"]
    assert set(search.results) == {0, 1, 2}
