"""A run once more from what it left, and whether it came to the same."""

import json
import shutil
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from kindling.error import RunError
from kindling.run.compare import PARTS
from kindling.run.entry import Entry
from kindling.run.find import CONFIG, read_config
from kindling.run.table import Column
from kindling.run.word import key_of, read_status, stored_words

RESULTS = "metrics.json"


def prepare(run: Path, folder: Path) -> None:
    """Make a folder where train.py can go on from the very beginning with the settings of a run.

    They are those that the run left, whatever has become of conf/ since then. Raises RunError.
    """
    status = read_status(run).get("status")
    if status != "done" or not (run / RESULTS).is_file():
        got = f"one that is {status}" if status != "done" else "none"
        raise RunError(f"{run}: expected a run that is done, with its {RESULTS}, got {got}; name another")
    read_config(run)  # refuses settings that build what isn't known
    words = [word for word in stored_words(run) if key_of(word) not in ("resume", "check")]
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RunError(f"{folder}: expected a new or empty folder, got another; name one with --output")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(run / CONFIG, folder / CONFIG)
    begun = json.dumps({"status": "stopped", "exit_code": None, "overrides": words})
    (folder / "status.json").write_text(f"{begun}\n", encoding="utf-8")


def is_same(run: Path, again: Path) -> bool:
    """Whether all metrics, of each epoch and of the test, have the same bits."""
    return Entry(run).metrics == Entry(again).metrics and first_difference(run, again) is None


def first_difference(run: Path, again: Path) -> int | None:
    """The first epoch whose row is another, counted from 1; None where all are the same."""
    rows = [rows_of(folder / "metrics.csv") for folder in (run, again)]
    pairs = enumerate(zip_longest(*rows))  # below their names
    return next((max(1, epoch) for epoch, (one, other) in pairs if one != other), None)


def rows_of(path: Path) -> list[str]:
    """The lines of a table; none where no logger wrote it."""
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def tell(run: Path, again: Path) -> Iterator[str | list[Column]]:
    """What came out, and why it may differ, in lines and tables."""
    first, second = Entry(run), Entry(again)
    if is_same(run, again):
        yield f"the same, bit for bit: all {len(first.metrics)} metrics of {again}, and those of each epoch"
        return
    epoch = first_difference(run, again)
    begun = "" if epoch is None else f", from epoch {epoch} on"
    yield f"not the same{begun}: first is {run}, second {again}"
    for name in ("metrics", "environment"):
        found = PARTS[name](first, second)
        yield ""
        yield found if found[0].cells else f"{name}: no difference that is recorded"
