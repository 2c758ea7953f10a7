#!/usr/bin/env python3
"""Evaluate a trained network: python scripts/evaluate.py --run last.

On the run's own test or validation rows, which are rebuilt from its checkpoint and compared with those
that it was trained with; or on another file of the same kind, with its targets: CSV with the target's
column, a series, a folder of images by class, or two arrays. Relative paths of the run's data belong to
the folder that this is called from. Into a new folder go evaluation.json (metrics as training computes
them, and a report), pictures, and worst.csv with the rows that it errs on most. The run's stays as it is.

exit codes: 0 done, 2 wrong words, 3 the data, 4 a metric is not finite, 5 the run can't be used,
6 this machine lacks something, 128 + n stopped by signal n.
"""

import argparse
import logging
import shutil
import sys
import warnings
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import installed  # noqa: F401  # or it ends here, and says what to type

from kindling.check.command import Parser, exit_code
from kindling.error import ConfigError, DataError
from kindling.evaluate.place import NUMBERS, require_free, usual_folder
from kindling.evaluate.table import tables
from kindling.run.find import find_checkpoint
from kindling.run.stop import Stop
from kindling.run.table import fit, lines
from kindling.source.path import user_path

if TYPE_CHECKING:
    from kindling.evaluate.evaluation import Evaluation

WORST = 25
OUTPUT = "a new or empty folder; by default one below outputs/evaluation, by the run's name"
MOVED = "where the files of the run's data are now, by the same names"


def parser() -> Parser:
    """The words of the command."""
    words = Parser("scripts/evaluate.py", __doc__)
    run = "a run's folder, a checkpoint, a sweep's folder for its best job, or last, the default"
    words.add_argument("--run", metavar="RUN", default="last", help=run)
    words.add_argument("--split", choices=["test", "val"], help="of the run's own data; test is the default")
    words.add_argument("--data", metavar="FILE", help="evaluate on this file or folder instead")
    words.add_argument("--targets", metavar="FILE", help="a .npy file with the targets of a .npy file")
    words.add_argument("--output", metavar="FOLDER", help=OUTPUT)
    words.add_argument("--worst", metavar="N", type=count, default=WORST, help=f"rows, by default {WORST}")
    words.add_argument("--moved", metavar="FOLDER", help=MOVED)
    words.add_argument("--root", metavar="FOLDER", help="where downloads and decoded images are kept")
    words.add_argument(
        "--device", choices=["auto", "cpu", "cuda"], default="auto", help="auto is the default"
    )
    words.add_argument("--json", action="store_true", help="print evaluation.json in place of the tables")
    words.add_argument("--force", action="store_true", help="write into a folder that isn't empty, too")
    return words


def count(word: str) -> int:
    """A number of 0 or more."""
    if not word.isdecimal():
        raise argparse.ArgumentTypeError(f"expected 0 or more, got {word}")
    return int(word)


def require_suitable(told: argparse.Namespace) -> None:
    """Refuse words that don't go together, and files that aren't there; raises UserError."""
    for name in ("split", "moved", "root"):
        if told.data and getattr(told, name):
            raise ConfigError(f"--{name}: expected it without --data, got both; leave one out")
    is_array = bool(told.data) and told.data.endswith(".npy")
    if is_array != bool(told.targets):
        raise ConfigError("--targets: expected it beside --data x.npy, and neither alone; name both arrays")
    for name in ("data", "targets", "moved"):
        path = getattr(told, name)
        if path and not user_path(path).exists():
            raise DataError(f"--{name}: {path}: expected it to be there, got nothing; name another")


def evaluate(told: argparse.Namespace, checkpoint: Path) -> "Evaluation":
    """Rebuild the network and the rows, and score them."""
    # torch takes seconds: only once the words are right
    from kindling.evaluate.evaluation import evaluate
    from kindling.evaluate.file import file_rows
    from kindling.evaluate.rows import own_rows
    from kindling.predictor import predictor_of
    from kindling.run.store import read_checkpoint

    state = read_checkpoint(checkpoint)
    predictor = predictor_of(state, checkpoint, told.device)
    if told.data:
        targets = user_path(told.targets) if told.targets else None
        rows = file_rows(predictor.reader, predictor.spec, user_path(told.data), targets)
    else:
        moved = user_path(told.moved) if told.moved else None
        rows = own_rows(state, told.split or "test", moved, told.root)
    return evaluate(predictor, state, rows, told.worst)


def show(found: "Evaluation") -> None:
    """Print the tables, as wide as the terminal, if they go to one."""
    for table in tables(found.plain()):
        fitting = fit(table, shutil.get_terminal_size().columns) if sys.stdout.isatty() else table
        print(*lines(fitting), "", sep="\n")


def main(words: Sequence[str]) -> None:
    """Do what the words say."""
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    logging.disable(logging.INFO)
    warnings.filterwarnings("ignore", module="pytorch_lightning|lightning_fabric")
    told = parser().parse_args(words)
    require_suitable(told)
    checkpoint = find_checkpoint(told.run)
    folder = user_path(told.output or usual_folder(checkpoint, told.data or told.split or "test"))
    Stop().listen()
    require_free(folder, checkpoint, told.force)

    found = evaluate(told, checkpoint)
    names = found.write(folder, {"checkpoint": str(checkpoint), "data": told.data})
    for note in found.notes():
        print(note, file=sys.stderr)
    if told.json:
        print((folder / NUMBERS).read_text(encoding="utf-8"), end="")
        return
    print(f"{checkpoint}, {found.rows.title}: {found.count:,} rows", end="\n\n")
    show(found)
    print(f"{', '.join(names)} in {folder}")


if __name__ == "__main__":
    sys.exit(exit_code(partial(main, sys.argv[1:])))
