"""The predictions of a trial's folds in one file: each row by the run that has not trained on it."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from kindling.error import one_line
from kindling.run.entry import Entry
from kindling.run.folder import shown
from kindling.run.table import as_csv
from kindling.source.whole import written_whole
from kindling.sweep.member import FOLD, FOLDS

FOLDER, FILE = "out_of_fold", "out_of_fold.csv"


def join_folds(folder: Path) -> list[str]:
    """Write a file for each trial of a sweep, and each seed of it, whose folds are all done.

    Returns what to say.
    """
    wholes = [whole for whole in by_trial(entries(folder)) if is_whole(whole)]
    told = [line for whole in wholes if (line := join(whole, folder / FOLDER / name_of(whole)))]
    if len(told) < len(wholes):
        told.append(f"out-of-fold predictions: {shown(folder / FOLDER)}")
    return told


def entries(folder: Path) -> Iterator[Entry]:
    """The jobs of a sweep that ended well."""
    for path in sorted(folder.glob(f"*/{FILE}")):
        with suppress(OSError, ValueError):
            entry = Entry(path.parent)
            if entry.facts["status"] == "done" and entry.words.get(FOLD, "").isdecimal():
                yield entry


def by_trial(jobs: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Those that differ in nothing but the fold, in the order of the folds."""
    found: dict[tuple[str, ...], list[Entry]] = {}
    for job in jobs:
        words = sorted(word for word in job.overrides if not word.startswith(f"{FOLD}="))
        found.setdefault(tuple(words), []).append(job)
    for alike in found.values():
        yield sorted(alike, key=lambda job: int(job.words[FOLD]))


def is_whole(jobs: Sequence[Entry]) -> bool:
    """Whether every fold is there, once."""
    numbers = [job.words[FOLD] for job in jobs]
    return (
        len(numbers) > 1
        and numbers == [str(number) for number in range(len(numbers))]
        and (jobs[0].words.get(FOLDS) == str(len(numbers)))
    )


def join(jobs: Sequence[Entry], path: Path) -> str:
    """All rows in their order, to a file; returns what is wrong, if anything is."""
    parts = [job.folder / FILE for job in jobs]
    if path.exists() and path.stat().st_mtime_ns > max(part.stat().st_mtime_ns for part in parts):
        return ""
    where = f"out-of-fold predictions of {' '.join(job.folder.name for job in jobs)}"
    try:
        tables = [read(part) for part in parts]
        rows = sorted((row for _, found in tables for row in found), key=lambda row: int(row[0]))
    except (OSError, ValueError, IndexError) as error:
        return f"{where}: can't be read ({one_line(error)}); they are not joined"
    if len({row[0] for row in rows}) < len(rows) or any(head != tables[0][0] for head, _ in tables):
        return f"{where}: are of different data, and not joined; add sweep.fresh=true"
    path.parent.mkdir(exist_ok=True)
    with written_whole(path) as file:
        file.write(as_csv(tables[0][0], rows).encode())
    return ""


def read(path: Path) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and the rows."""
    with path.open(encoding="utf-8", newline="") as file:
        names, *rows = csv.reader(file)
    return names, rows


def name_of(jobs: Sequence[Entry]) -> str:
    """By the numbers of the jobs, as the report tells them, and their seed."""
    first, last = (job.folder.name.partition("-")[0] for job in (jobs[0], jobs[-1]))
    seed = f"-seed{jobs[0].words['seed']}" if "seed" in jobs[0].words else ""
    return f"{first}-{last}{seed}.csv"
