"""The jobs of sweeps as trials: those that differ in nothing but seed and fold are one."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from statistics import mean, stdev
from typing import Any, NamedTuple

from kindling.run.entry import STATUSES, Entry
from kindling.run.listing import find_entries
from kindling.run.plain import number
from kindling.run.table import text
from kindling.run.word import read_json
from kindling.sweep.member import FOLD, SEED
from kindling.sweep.place import FILE

MEMBER = (SEED, FOLD)  # what the jobs of a trial differ in
ORDER = ("done", "pruned", "running", "stopped", "killed", "failed")


class Kind(NamedTuple):
    """What results have to have in common to be ranked together."""

    metric: str
    mode: str
    task: str


class Summary:
    """A trial, by its jobs; `members` is how many of them there are to be."""

    def __init__(self, jobs: Sequence[Entry], members: int = 1) -> None:
        self.jobs = sorted(jobs, key=lambda job: [number(job.value(name)) or 0 for name in MEMBER])
        self.members = members

    @cached_property
    def status(self) -> str:
        """Done where all of its jobs are; else that which is farthest from it."""
        found = {str(job.facts["status"]) for job in self.jobs}
        if "pruned" in found:  # its other jobs are not to be run
            return "pruned"
        return max(found | {"stopped"} if len(self.jobs) < self.members else found, key=ORDER.index)

    @cached_property
    def measured(self) -> list[Entry]:
        """The jobs that count: those that are done, if any is."""
        return [job for job in self.jobs if job.facts["status"] == "done"] or self.jobs

    @property
    def count(self) -> str:
        """How many jobs are done, of how many where some are not."""
        done = sum(job.facts["status"] == "done" for job in self.jobs)
        whole = max(self.members, len(self.jobs))
        return str(done) if done == whole else f"{done}/{whole}"

    @property
    def sweep(self) -> Path | None:
        """The folder of the sweep that it belongs to, if it does."""
        return sweep_of(self.jobs[0])

    @property
    def name(self) -> str:
        """How the jobs are called: their numbers in the sweep, or a folder."""
        if self.sweep is None:
            more = f" and {len(self.jobs) - 1} more" if len(self.jobs) > 1 else ""
            return f"{self.jobs[0].folder}{more}"
        numbers = sorted(int(job.folder.name.partition("-")[0]) for job in self.jobs)
        if numbers == [*range(numbers[0], numbers[-1] + 1)] and len(numbers) > 1:
            return f"#{numbers[0]}-{numbers[-1]}"
        return " ".join(f"#{one}" for one in numbers)

    def value(self, name: str) -> Any:
        """Of a setting, which is the same in all of its jobs."""
        return self.jobs[0].value(name)

    def values(self, metric: str) -> list[float]:
        """A metric of each job that counts and has it."""
        found = [number(job.metrics.get(metric)) for job in self.measured]
        return [one for one in found if one is not None and math.isfinite(one)]

    def mean(self, metric: str) -> float | None:
        """Over the jobs that count."""
        return mean(found) if (found := self.values(metric)) else None

    def deviation(self, metric: str) -> float | None:
        """The standard deviation over its jobs, n - 1 below the line; None for fewer than two."""
        return stdev(found) if len(found := self.values(metric)) > 1 else None


class Section:
    """The trials of one kind, the best first and those that are not done last."""

    def __init__(self, kind: Kind, trials: Sequence[Summary]) -> None:
        self.kind = kind
        self.metric = kind.metric
        self.sign = -1 if kind.mode == "max" else 1
        self.trials = sorted(trials, key=self._rank)
        self.jobs = [job for trial in self.trials for job in trial.jobs]

    def _rank(self, trial: Summary) -> tuple[int, float]:
        found = trial.mean(self.metric)
        return ORDER.index(trial.status), math.inf if found is None else self.sign * found

    @cached_property
    def measured(self) -> list[Summary]:
        """The trials that are done and have the metric."""
        return [one for one in self.trials if one.status == "done" and one.mean(self.metric) is not None]

    @cached_property
    def varying(self) -> list[str]:
        """What was set on the command lines, and not to the same in all trials."""
        named = dict.fromkeys(name for job in self.jobs for name in job.words if name not in MEMBER)
        return [name for name in named if len({text(trial.value(name)) for trial in self.trials}) > 1]

    @cached_property
    def metrics(self) -> list[str]:
        """The monitored one, then those of the test."""
        tested = [name for job in self.jobs for name in job.metrics if name.startswith("test/")]
        return [*dict.fromkeys([self.metric, *tested])]

    @property
    def sweeps(self) -> list[Path | None]:
        """The folders that the trials come from; None stands for single runs."""
        return [*dict.fromkeys(trial.sweep for trial in self.trials)]

    @property
    def statuses(self) -> list[str]:
        """How many jobs ended in which way."""
        counts = Counter(str(job.facts["status"]) for job in self.jobs)
        return [f"{counts[status]} {status}" for status in (*STATUSES, "killed") if counts[status]]


def best_job(sweep: Path) -> Path | None:
    """The first job of the best trial of a sweep, if one is done."""
    found, _ = sections(find_entries([str(sweep)])[0])
    measured = found[0].measured if found else []
    return measured[0].jobs[0].folder if measured else None


def sections(jobs: Sequence[Entry]) -> tuple[list[Section], int]:
    """The trials by their kind, that of most jobs first; and how many jobs are left out, being of none."""
    known: dict[Path | None, Kind] = {}
    for job in jobs:
        if own := kind_of(job):
            known.setdefault(sweep_of(job), own)
    found: dict[Kind, list[Entry]] = {}
    for job in jobs:
        where = sweep_of(job)
        if kind := kind_of(job) or (where and (known.get(where) or kind_told(where))):
            found.setdefault(kind, []).append(job)
    made = [Section(kind, [*trials(of_kind)]) for kind, of_kind in found.items()]
    return sorted(made, key=lambda one: -len(one.jobs)), len(jobs) - sum(map(len, found.values()))


def trials(jobs: Sequence[Entry]) -> Iterator[Summary]:
    """Jobs of one sweep, or of none, with the same words but for those of the seed and the fold."""
    found: dict[Any, list[Entry]] = {}
    for job in jobs:
        words = sorted((name, value) for name, value in job.words.items() if name not in MEMBER)
        found.setdefault((sweep_of(job), *words), []).append(job)
    for (where, *_), of_trial in found.items():
        members = facts_of(where).get("members") if where else 1
        yield Summary(of_trial, members if isinstance(members, int) else 1)


def kind_of(job: Entry) -> Kind | None:
    """By what a job wrote; None of one that failed before it wrote its settings."""
    task = str(job.settings.get("task._target_", "")).rpartition(".")[2]
    return Kind(*job.monitor, task) if job.monitor[0] else None


def kind_told(sweep: Path) -> Kind | None:
    """By what the sweep wrote, where none of its jobs did."""
    told: Mapping[str, Any] = facts_of(sweep)
    return Kind(str(told["metric"]), str(told.get("mode")), "") if told.get("metric") else None


def facts_of(sweep: Path) -> dict[str, Any]:
    """What a sweep wrote of itself."""
    return read_json(sweep / FILE)


def sweep_of(job: Entry) -> Path | None:
    """The folder of the sweep that a job belongs to, if it does."""
    return job.folder.parent if (job.folder.parent / FILE).is_file() else None
