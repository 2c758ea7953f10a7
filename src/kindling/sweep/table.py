"""Trials in words: tables for a terminal and for Markdown, the best one, and what each setting does."""

import shutil
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import mean, quantiles
from typing import Any

from kindling.run.entry import NOTHING
from kindling.run.folder import shown
from kindling.run.listing import natural
from kindling.run.plain import number
from kindling.run.table import Column, column, fit, lines, text
from kindling.sweep.summary import Section, Summary

DIGITS = 4
DEVIATION = 2  # digits of it
ENOUGH = 4  # trials of which to tell what each setting does
MANY = 8  # different numbers of a setting: more are told in four ranges


def of_trials(section: Section, trials: Sequence[Summary], joined: bool) -> list[Column]:
    """A row a trial; `joined` tells of which sweep."""
    found = [column("run", [one.name for one in trials])]
    if joined:
        found.append(column("sweep", [place(one.sweep) for one in trials]))
    found += [column(name, [one.value(name) for one in trials], DIGITS) for name in section.varying]
    for metric in section.metrics:
        found.append(Column(metric, tuple(told(one, metric) for one in trials), is_number=True))
    if any(len(one.jobs) > 1 or one.members > 1 for one in section.trials):
        found.append(Column("jobs", tuple(one.count for one in trials), is_number=True))
    if any(one.status != "done" for one in trials):
        found.append(column("status", [one.status for one in trials]))
    return found


def told(trial: Summary, metric: str) -> str:
    """The mean, and over several jobs the deviation."""
    middle, deviation = trial.mean(metric), trial.deviation(metric)
    spread = "" if deviation is None else f" ± {deviation:.{DEVIATION}g}"
    return NOTHING if middle is None else f"{middle:.{DIGITS}g}{spread}"


def place(sweep: Path | None) -> str:
    """A sweep as one would type it; nothing for single runs."""
    return NOTHING if sweep is None else shown(sweep)


def for_terminal(columns: Sequence[Column], last: Sequence[str] = ()) -> list[str]:
    """The lines, with what has room where they go to a terminal; `last` is what has to."""
    kept = list(columns)
    if sys.stdout is not None and sys.stdout.isatty():
        first = [kept[0], *(one for one in kept[1:] if one.name in last)]
        by_need = [*first, *(one for one in kept if one not in first)]
        fitting = {one.name: one for one in fit(by_need, shutil.get_terminal_size().columns)}
        kept = [fitting[one.name] for one in kept if one.name in fitting]
    return lines(kept)


def for_markdown(columns: Sequence[Column]) -> list[str]:
    """The lines of a table as GitHub draws it."""
    rows = [[one.name for one in columns], ["---:" if one.is_number else "---" for one in columns]]
    rows += [list(row) for row in zip(*(one.cells for one in columns), strict=True)]
    escaped = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return [f"| {' | '.join(row)} |" for row in escaped]


def heading(section: Section, all_of_them: Sequence[Section]) -> str:
    """How many there are, how they ended, and by what they are sorted."""
    jobs, trials = len(section.jobs), len(section.trials)
    of = "" if jobs == trials else f"{trials} trial{'s' * (trials > 1)} of "
    count = f"{of}{jobs} job{'s' * (jobs > 1)}"
    same = sum(one.metric == section.metric for one in all_of_them) > 1
    of_task = f" of {section.kind.task or 'an unknown task'}" if same else ""
    better = "lower" if section.sign > 0 else "higher"
    return f"{count}: {', '.join(section.statuses)}; by {section.metric}{of_task}, {better} is better"


def best(section: Section) -> str:
    """The first of the trials that are done."""
    first = section.measured[0]
    several = f", the mean of {len(first.jobs)} jobs" if len(first.jobs) > 1 else ""
    where = f"{place(first.sweep)} " if first.sweep and len(section.sweeps) > 1 else ""
    return f"best: {where}{first.name}, {section.metric} {told(first, section.metric)}{several}"


def effects(section: Section) -> list[list[Column]]:
    """A table a setting, where several vary: of one, the table of the trials says as much."""
    worth = len(section.varying) > 1 and len(section.measured) >= ENOUGH
    return [effect(section, name) for name in section.varying] if worth else []


def effect(section: Section, name: str) -> list[Column]:
    """Mean and best of the metric over the trials, for each value of a setting."""
    groups: dict[str, list[float]] = {}
    labels = in_ranges([one.value(name) for one in section.measured])
    for label, trial in zip(labels, section.measured, strict=True):
        groups.setdefault(label, []).append(trial.mean(section.metric) or 0.0)
    found = sorted(groups.items(), key=lambda item: (number(item[0]) or 0, natural(item[0])))
    results = [results for _, results in found]
    best = min if section.sign > 0 else max
    return [
        column(name, [value for value, _ in found]),
        column("trials", [len(one) for one in results]),
        column(f"mean {section.metric}", [mean(one) for one in results], DIGITS),
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
