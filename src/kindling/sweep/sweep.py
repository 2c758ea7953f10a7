"""The loop of a sweep: jobs are started as places get free, and what each left in its folder counts."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from statistics import mean

from kindling.error import one_line
from kindling.run.plain import number
from kindling.sweep.job import Job
from kindling.sweep.progress import Progress
from kindling.sweep.search import Goal, Result, Search, Trial

Start = Callable[[Job, list[str]], "Future[str | None]"]
FINAL = ("done", "pruned")  # nothing is left to do


@dataclass
class Open:
    """A trial whose jobs have not all ended."""

    trial: Trial
    jobs: Sequence[Job]
    waiting: deque[Job] = field(default_factory=deque)
    running: int = 0


class Sweep:
    """Asks a search for trials, runs the jobs of each that are not done, and tells how it ended.

    members: how many jobs a trial has, one for each seed and fold
    spread: the jobs of a trial
    start: begins a job, with words that only this start of it gets
    """

    def __init__(
        self,
        search: Search,
        goal: Goal,
        members: int,
        spread: Callable[[Trial], Sequence[Job]],
        start: Start,
        at_once: int,
        say: Callable[[str], None] = print,
    ) -> None:
        self.search, self.goal, self.members, self.spread = search, goal, members, spread
        self.start, self.at_once, self.say = start, at_once, say
        self.progress = Progress(goal)
        self.open: list[Open] = []
        self.running: dict[Future[str | None], tuple[Open, Job]] = {}
        self.jobs: dict[Job, str | None] = {}  # each with why it is not done
        self.skipped = 0

    def run(self) -> None:
        """Go on until no trial is left."""
        while True:
            while len(self.running) < self.at_once and (found := self._next()):
                trial, job = found
                trial.running += 1
                words = self.search.words(trial.trial) if job is trial.jobs[0] else []
                self.running[self.start(job, words)] = found
            if not self.running:
                return
            for future in wait(self.running, return_when=FIRST_COMPLETED).done:
                self._ended(*self.running.pop(future), future)

    def _next(self) -> tuple[Open, Job] | None:
        """A job of a trial that has begun, or else of the next one; none that is done already."""
        while True:
            found = self._waiting()
            if found is None:
                if (trial := self.search.ask()) is None:
                    return None
                jobs = self.spread(trial)
                self.jobs |= dict.fromkeys(jobs)
                self.open.append(Open(trial, jobs, deque(jobs)))
                continue
            one, job = found
            if (status := job.status) not in FINAL:
                return found
            if status == "pruned":
                self._skip(one)
            self.progress.ended(status, earlier=True)
            self._settle(one)

    def _waiting(self) -> tuple[Open, Job] | None:
        """Not one that runs already: two trials may come to the same values."""
        busy = {job for _, job in self.running.values()}
        for one in self.open:
            for job in one.waiting:
                if job not in busy:
                    one.waiting.remove(job)
                    return one, job
        return None

    def _ended(self, one: Open, job: Job, future: "Future[str | None]") -> None:
        one.running -= 1
        problem = one_line(error) if (error := future.exception()) else future.result()
        status = job.status
        if status not in FINAL:
            entry = job.entry()
            told = entry.facts.get("error") if entry else None
            # a job that was asked to stop does not know why
            found = (problem, told) if status == "stopped" else (told, problem)
            self.jobs[job] = str(found[0] or found[1] or f"it was {status}")
        if status == "pruned":
            self._skip(one)
        self.progress.ended(status if status in (*FINAL, "stopped", "killed") else "failed")
        self._settle(one)
        total = self.search.total * self.members - self.skipped
        self.say(self.progress.line(total, len(self.running)))

    def _skip(self, one: Open) -> None:
        """The other seeds of a trial that was pruned: they would not change that."""
        self.skipped += len(one.waiting)
        one.waiting.clear()

    def _settle(self, one: Open) -> None:
        """Tell the search, and remember the best, once a trial's jobs have all ended."""
        if one.waiting or one.running:
            return
        self.open.remove(one)
        result = self._result(one)
        self.search.tell(one.trial, result)
        score = result.metrics.get(self.goal.metric) if result.status == "done" else None
        self.progress.scored(score, [f"{key}={value}" for key, value in one.trial.values.items()])

    def _result(self, one: Open) -> Result:
        entries = [job.entry() for job in one.jobs]
        statuses = [entry.facts["status"] if entry else "lost" for entry in entries]
        if "pruned" in statuses:
            return Result("pruned", {})
        metrics = means([entry.metrics for entry in entries if entry and entry.facts["status"] == "done"])
        return Result("done" if all(status == "done" for status in statuses) else "failed", metrics)


def means(found: Sequence[Mapping[str, object]]) -> dict[str, float]:
    """The mean of each metric that all have."""
    names = [name for name in found[0] if all(name in one for one in found)] if found else []
    return {name: mean(number(one[name]) or 0.0 for one in found) for name in names}
