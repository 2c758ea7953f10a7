"""A sweep at a glance: its jobs by the monitored metric, the best one, and what each setting does."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import mean, quantiles
from typing import Any

from kindling.error import RunError
from kindling.run.entry import NOTHING, STATUSES, Entry
from kindling.run.listing import natural
from kindling.run.plain import number
from kindling.run.query import by_value
from kindling.run.table import Column, column, text

MANY = 8  # different numbers of a setting: more are told in four ranges
DIGITS = 4


class Report:
    """What is to say of some runs, of those that monitor what most of them do."""

    def __init__(self, runs: Sequence[Entry]) -> None:
        known = Counter(run.monitor for run in runs if run.monitor[0])
        if not known:
            raise RunError("report: expected runs with a monitored metric, got none; name another folder")
        [((self.metric, mode), _)] = known.most_common(1)
        self.high = mode == "max"
        same = [run for run in runs if run.monitor == (self.metric, mode)]
        self.left_out = len(runs) - len(same)
        ranked = by_value(same, self.metric, reverse=self.high)
        self.done = [run for run in ranked if run.value("status") == "done"]
        self.runs = self.done + [run for run in ranked if run not in self.done]

    def parts(self) -> Iterator[str | list[Column]]:
        """Lines and tables, in the order in which they are read."""
        yield self.summary()
        yield [column(name, self.values(name), DIGITS if "/" in name else None) for name in self.names()]
        if not self.measured:
            return
        best = self.measured[0]
        yield f"\nbest: {best.folder}, {self.metric} {best.value(self.metric):.{DIGITS}g}\n  {best.command}"
        for name in self.varying():
            yield ""
            yield self.effect(name)

    @property
    def measured(self) -> list[Entry]:
        """The runs that are done and have the metric."""
        return [run for run in self.done if number(run.value(self.metric)) is not None]

    def summary(self) -> str:
        """How many there are, how they ended, and by what they are sorted."""
        counts = Counter(run.value("status") for run in self.runs)
        told = [f"{counts[status]} {status}" for status in (*STATUSES, "killed") if counts[status]]
        better = "higher" if self.high else "lower"
        return f"{len(self.runs)} runs: {', '.join(told)}; by {self.metric}, {better} is better"

    def names(self) -> list[str]:
        """What the table shows of each run."""
        tested = dict.fromkeys(name for run in self.runs for name in run.metrics if name.startswith("test/"))
        return ["run", "status", *self.varying(), self.metric, *tested, "seconds"]

    def values(self, name: str) -> list[Any]:
        """Of each run, in the order of the table."""
        return [run.value(name) for run in self.runs]

    def varying(self) -> list[str]:
        """What was set on the command line, and not to the same in all runs."""
        named = dict.fromkeys(name for run in self.runs for name in run.words)
        return [name for name in named if len({text(value) for value in self.values(name)}) > 1]

    def effect(self, name: str) -> list[Column]:
        """Mean and best of the metric, for each value of a setting."""
        groups: dict[str, list[float]] = {}
        values = [run.value(name) for run in self.measured]
        for value, run in zip(in_ranges(values), self.measured, strict=True):
            groups.setdefault(value, []).append(float(run.value(self.metric)))
        found = sorted(groups.items(), key=lambda item: (number(item[0]) or 0, natural(item[0])))
        results = [results for _, results in found]
        best = max if self.high else min
        return [
            column(name, [value for value, _ in found]),
            column("runs", [len(one) for one in results]),
            column(f"mean {self.metric}", [mean(one) for one in results], DIGITS),
            column("best", [best(one) for one in results], DIGITS),
        ]


def in_ranges(values: Sequence[Any]) -> list[str]:
    """Each value as text; of many different numbers, the quarter that it lies in."""
    numbers = [number(value) for value in values]
    known = [one for one in numbers if one is not None]
    if len(known) < len(numbers) or len(set(known)) <= MANY:
        return [NOTHING if value is NOTHING else text(value) for value in values]
    limits = [min(known), *quantiles(known, n=4, method="inclusive"), max(known)]
    ranges = [f"{low:.{DIGITS}g} to {high:.{DIGITS}g}" for low, high in pairwise(limits)]
    return [ranges[sum(one > limit for limit in limits[1:4])] for one in known]
