"""How far a sweep is, in a line: what is done, the best so far, and the time that is left."""

import time
from collections import Counter
from collections.abc import Sequence

from kindling.sweep.search import Goal


class Progress:
    """Counts jobs as they end, and remembers the best trial."""

    def __init__(self, goal: Goal) -> None:
        self.goal = goal
        self.began = time.monotonic()
        self.counts: Counter[str] = Counter()
        self.earlier = 0  # done before this start
        self.best: tuple[float, Sequence[str]] | None = None

    def ended(self, status: str, earlier: bool = False) -> None:
        """Another job has ended; `earlier` where that was before this start."""
        self.counts[status] += 1
        self.earlier += earlier

    def scored(self, score: float | None, words: Sequence[str]) -> None:
        """A trial has its value."""
        if score is not None and (self.best is None or self.goal.better(score, self.best[0])):
            self.best = score, words

    def line(self, total: int, running: int = 0) -> str:
        """All of it; `total` is how many jobs there are to be."""
        others = [f"{count} {status}" for status, count in self.counts.items() if status != "done"]
        told = [f"{self.counts['done']}/{total} done", *others]
        if running:
            told.append(f"{running} running")
        if self.best:
            score, words = self.best
            told.append(f"best {self.goal.metric} {score:.4g} {' '.join(words)}".rstrip())
        left = self.seconds_left(total)
        return "sweep: " + ", ".join([*told, f"{clock(left)} left"] if left else told)

    def seconds_left(self, total: int) -> float | None:
        """By how long the jobs of this start took; None before one has ended, and at the end."""
        ended = self.counts.total() - self.earlier
        left = total - self.counts.total()
        return (time.monotonic() - self.began) / ended * left if ended and left > 0 else None


def clock(seconds: float) -> str:
    """A length of time in its largest unit, two where that says more."""
    minutes, hours = seconds / 60, seconds / 3600
    if hours >= 1:
        return f"{int(hours)} h {int(minutes) % 60} min"
    return f"{minutes:.0f} min" if minutes >= 2 else f"{seconds:.0f} s"
