"""Removing runs that led to nothing, and what else lies about; links are never followed."""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kindling.run.entry import Entry
from kindling.run.process import alone
from kindling.run.table import Column, column, size
from kindling.source.path import user_path

MARKS = ("log.txt", "config.yaml", "status.json")  # by which a run is known: they go last
DAY = 24 * 60 * 60  # seconds


class Waste(NamedTuple):
    """A run to remove, and how many bytes it takes."""

    run: Entry
    size: int


def find_waste(runs: Iterable[Entry], statuses: Sequence[str]) -> tuple[list[Waste], list[str]]:
    """The runs that ended so; and those that aren't touched all the same, a line each."""
    found, notes = [], []
    for run in runs:
        if run.value("status") not in statuses:
            continue
        if reason := why_not(run.folder):
            notes.append(f"{run.folder}: {reason}; it stays")
        else:
            found.append(Waste(run, sum(path.lstat().st_size for path in files(run.folder))))
    return found, notes


def why_not(folder: Path) -> str:
    """What forbids to remove a run; nothing where it may be."""
    if folder.is_symlink() or (folder / "status.json").is_symlink():
        return "it is a link"
    if not any((folder / name).is_file() for name in MARKS[:2]):
        return f"expected {' or '.join(MARKS[:2])} beside status.json, got neither"
    if folder.resolve() in (Path.cwd(), *Path.cwd().parents):
        return "this is the current folder"
    if any(path.name == "status.json" and path.parent != folder for path in files(folder)):
        return "another run lies in it"
    return ""


def files(folder: Path) -> Iterator[Path]:
    """All that lies in a folder and isn't one, at any depth."""
    for parent, folders, names in os.walk(folder):
        links = (name for name in folders if (Path(parent) / name).is_symlink())
        yield from (Path(parent) / name for name in (*names, *links))


def remove(run: Entry) -> bool:
    """Remove a run, unless it has gone on or went away since it was looked at."""
    with alone(run.folder, wait=False) as mine:  # one that is about to go on has it
        return mine and remove_idle(run)


def remove_idle(run: Entry) -> bool:
    """The same, of a run that nobody can take meanwhile."""
    try:
        if Entry(run.folder).facts != run.facts:
            return False
    except (OSError, ValueError):
        return False
    inside = sorted(run.folder.iterdir(), key=lambda path: path.name in MARKS and MARKS.index(path.name) + 1)
    for path in inside:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    run.folder.rmdir()
    return True


def leftovers(folders: Iterable[str]) -> list[Path]:
    """Files that processes of one job agreed by, and folders of past days without a run, inner ones first."""
    found: list[Path] = []
    for outputs in map(user_path, folders):
        found += [path for path in inside(outputs / ".job", Path.is_file) if is_old(path)]
        for day in inside(outputs, is_past_day):
            empty = [path for path in inside(day, Path.is_dir) if not only_noted(path)]
            found += empty
            if all(path in empty for path in day.iterdir()):
                found.append(day)
    return found


def inside(folder: Path, kind: Callable[[Path], bool]) -> list[Path]:
    """What lies there, of such a kind; no links."""
    if folder.is_symlink() or not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not path.is_symlink() and kind(path))


def is_old(path: Path) -> bool:
    """Whether nobody wrote it for a day."""
    return time.time() - path.lstat().st_mtime > DAY


def is_past_day(path: Path) -> bool:
    """Whether no run of today can begin there."""
    return (
        bool(re.fullmatch(r"\d{4}-\d\d-\d\d", path.name)) and path.name < f"{date.today()}" and path.is_dir()
    )


def only_noted(folder: Path) -> list[Path]:
    """What a folder holds beside the note that Hydra makes of a sweep."""
    return [path for path in folder.iterdir() if path.name != "multirun.yaml"]


def discard(leftover: Path) -> None:
    """Remove one of them."""
    if leftover.is_dir():
        (leftover / "multirun.yaml").unlink(missing_ok=True)
        leftover.rmdir()
    else:
        leftover.unlink()


def shown(waste: Sequence[Waste], others: Sequence[Path]) -> Iterator[str | list[Column]]:
    """What there is to remove, as a table and lines."""
    names = ("run", "status", "epochs", "error")
    columns = [column(name, [one.run.value(name) for one in waste]) for name in names]
    if waste:
        yield [*columns[:2], column("size", [size(one.size) for one in waste]), *columns[2:]]
    yield from (f"{path}  left over" for path in others)


def amount(waste: Sequence[Waste], others: Sequence[Path]) -> str:
    """How much that is."""
    told = f"{len(waste)} run{'s' * (len(waste) != 1)}, {size(sum(one.size for one in waste))}"
    return told + f", and {len(others)} left over" * bool(others)
