"""From the words of a sweep to its end: the folder, the jobs, and what is said of them."""

import shlex
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

from kindling.error import RunError, StoppedError, SweepError, as_user_error, one_line
from kindling.launcher.base import Launcher
from kindling.run.folder import shown
from kindling.run.listing import find_entries
from kindling.run.stop import Stop
from kindling.sweep.earlier import told as done_before
from kindling.sweep.fold import join_folds
from kindling.sweep.job import Folders, Job, identity
from kindling.sweep.member import members
from kindling.sweep.place import Place, name_of
from kindling.sweep.report import Report
from kindling.sweep.search import Goal, Search, Space, Trial
from kindling.sweep.sweep import Sweep
from kindling.typed import runner


class Plan(ABC):
    """What the words of a sweep describe, whoever reads them."""

    kind: str  # the word that says how it searches
    space: Space
    whole: dict[str, Any]  # the settings of the sweep, resolved
    search: Search
    launcher: Launcher | None  # none runs jobs in this process
    typed: Sequence[str]
    parent: Path  # the folder of sweeps
    folder: Path | None  # that of this one, where it was named

    @abstractmethod
    def words(self, values: Mapping[str, str], member: Sequence[str]) -> list[str]:
        """The words of a job."""

    @abstractmethod
    def settings(self, words: Sequence[str]) -> dict[str, Any]:
        """What a job is composed to, not yet resolved."""

    @abstractmethod
    def run_here(self, job: Job, words: Sequence[str]) -> None:
        """Run a job in this process."""

    @abstractmethod
    def command(self, job: Job, words: Sequence[str]) -> list[str]:
        """What starts a job in a process of its own."""


def conduct(plan: Plan) -> Path:
    """Run all jobs that are not done, and return their folder; raises SweepError where some are not done."""
    search, keys = plan.search, sorted(plan.space)  # in whatever order they are typed
    goal = Goal(plan.whole["monitor"]["metric"], plan.whole["monitor"]["mode"])
    base = identity(plan.settings(plan.words({}, [])), [])
    folder = plan.folder or plan.parent / name_of(search.name, plan.kind, keys, base)
    facts = {"kind": plan.kind, "keys": keys, "base": base, "metric": goal.metric, "mode": goal.mode}
    each = members(plan.whole, plan.space, plan.typed)
    stop = Stop()
    stop.listen()
    try:
        told = {**facts, "members": len(each), "words": list(plan.typed)}
        with Place(folder, told, search.fresh) as place:
            earlier = done_before(place.folder)
            print("\n".join([f"sweep: {shown(place.folder)}", *place.notes, *earlier]), flush=True)
            search.begin(plan.space, place.folder.absolute(), goal)
            run_all(plan, place.folder.absolute(), search, goal, each)
            return place.folder
    except Exception as error:
        asked = error if isinstance(error, StoppedError) else stop.asked
        if asked is None:
            raise
        words = shlex.join(["python", "train.py", *as_typed(sys.argv[1:])])
        raise StoppedError(asked.exit_code - 128, asked.name).then(f"go on: {runner()}{words}") from None
    finally:
        stop.end()


def run_all(plan: Plan, folder: Path, search: Search, goal: Goal, each: list[list[str]]) -> None:
    """Start the jobs, report on what they left, and raise SweepError if some are not done."""
    folders = Folders(folder)

    def spread(trial: Trial) -> list[Job]:
        found = []
        for member in each:
            words = plan.words(trial.values, member)
            told = [f"{key}={value}" for key, value in trial.values.items()]
            found.append(Job(tuple(words), folders.of(identity(plan.settings(words), told))))
        return found

    launcher = plan.launcher
    at_once = launcher.at_once if launcher else 1
    sweep = Sweep(search, goal, len(each), spread, Starter(plan, launcher), at_once, tell)
    try:
        run(sweep, launcher, folder)
    except StoppedError:
        with suppress(OSError, RunError):  # the way to go on is what has to be told
            report(folder)
        raise
    for line in [*search.summary(), *join_folds(folder)]:
        tell(line)
    conclude(sweep, folder)


def run(sweep: Sweep, launcher: Launcher | None, folder: Path) -> None:
    """Run all jobs, and leave none behind."""
    try:
        if launcher:
            launcher.open(folder)
        sweep.run()
    finally:
        if launcher:
            launcher.stop()


class Starter:
    """Starts a job, here or by a launcher."""

    def __init__(self, plan: Plan, launcher: Launcher | None) -> None:
        self.plan, self.launcher = plan, launcher

    def __call__(self, job: Job, words: Sequence[str]) -> "Future[str | None]":
        """The future's result says why it ended badly; nothing where it didn't."""
        tell(f"#{job.number}: {' '.join(job.words)}")
        job.folder.mkdir(exist_ok=True)  # so that it keeps its number, however early it is killed
        if self.launcher:
            return self.launcher.submit(self.plan.command(job, words), job.folder.name)
        future: Future[str | None] = Future()
        self.plan.run_here(job, words)
        future.set_result(None)
        return future


def conclude(sweep: Sweep, folder: Path) -> None:
    """The report, and a line for each job that is not done; raises SweepError for those."""
    wrong = [f"  #{job.number} {' '.join(job.words)}: {why}" for job, why in sweep.jobs.items() if why]
    failed: list[str] = []
    try:
        report(folder)
    except (OSError, RunError) as error:
        if not wrong:
            raise
        failed = [f"  report: {as_user_error(error) or one_line(error)}"]
    if wrong:
        count = f"{len(wrong)} of {len(sweep.jobs)} jobs are not done"
        raise SweepError(
            f"sweep: {count}; the same command tries them again, and nothing that is done", [*wrong, *failed]
        )


def report(folder: Path) -> None:
    """On all that the sweep has left there, from earlier starts too."""
    Report(find_entries([str(folder)])[0]).tell()


def as_typed(words: Sequence[str]) -> list[str]:
    """The words with the flags first: Hydra wants them last."""
    first = next((place for place, word in enumerate(words) if word.startswith("-")), 0)
    return [*words[first:], *words[:first]]


def tell(text: str) -> None:
    """A line, at once."""
    print(text, flush=True)
