"""The runs below some folders, the newest last."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from kindling.error import RunError, one_line
from kindling.run.entry import STATUS, Entry
from kindling.source.path import user_path


def find_entries(folders: Iterable[str]) -> tuple[list[Entry], list[str]]:
    """The runs below these folders, the newest last; and what was passed over, a line each."""
    notes: list[str] = []
    found: dict[Path, Entry] = {}
    for name in folders:
        root = user_path(name)
        if not root.is_dir():
            raise RunError(
                f"{name}: expected a folder with runs, got {'a file' if root.exists() else 'nothing'}"
            )
        for folder in run_folders(root, notes):
            try:
                found.setdefault(folder.resolve(), Entry(folder))
            except FileNotFoundError:  # removed by somebody in the meantime
                continue
            except (ValueError, OSError, RecursionError) as error:
                notes.append(f"{folder / STATUS}: not a run's ({one_line(error)}); it is passed over")
    return sorted(found.values(), key=lambda run: (run.began, natural(str(run.folder)))), notes


def run_folders(folder: Path, notes: list[str]) -> Iterator[Path]:
    """Folders with a status.json; links and hidden folders are not entered, nor are runs."""
    try:
        with os.scandir(folder) as found:
            inside = list(found)
    except FileNotFoundError:
        return
    except OSError as error:
        notes.append(f"{folder}: can't be read ({error.strerror}); it is passed over")
        return
    if any(one.name == STATUS for one in inside):
        yield folder
        return
    for one in inside:
        if one.is_dir(follow_symlinks=False) and not one.name.startswith("."):
            yield from run_folders(folder / one.name, notes)


def natural(name: str) -> list[tuple[int, str]]:
    """A key that sorts job 10 after job 9."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]
