#!/usr/bin/env python3
"""Repeat a run and compare: python scripts/repeat.py --run last.

It trains once more in a new folder, with train.py and the settings that the run left, whatever has become
of conf/ since then; then it says whether all metrics came out the same, bit for bit, and if not by how
much they differ and what is different in code, packages, machine, threads and data. Relative paths of
its data belong to the folder that this is called from.

exit codes: 0 the same, 4 not the same, 5 the run can't be used; and those of train.py, where it fails.
"""

import signal
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import installed  # noqa: F401  # or it ends here, and says what to type

from kindling.check.command import Parser, exit_code
from kindling.run.find import find_run
from kindling.run.naming import run_folder
from kindling.run.repeat import is_same, prepare, tell
from kindling.run.table import lines
from kindling.source.path import user_path
from kindling.source.whole import require_possible

PROGRAM = Path(__file__).resolve().parents[1] / "train.py"
DIFFERENT = 4


def parser() -> Parser:
    """The words of the command."""
    words = Parser("scripts/repeat.py", __doc__)
    run = "a run's folder, a checkpoint in it, or last, the default"
    words.add_argument("--run", metavar="RUN", default="last", help=run)
    where = "for the new run; by default outputs/<date>/<time>-…"
    words.add_argument("--output", metavar="FOLDER", help=where)
    return words


def train(folder: Path) -> int:
    """Run train.py to its end; what stops this one stops that."""
    with subprocess.Popen([sys.executable, str(PROGRAM), f"resume={folder}"]) as child:
        for name in ("SIGTERM", "SIGHUP", "SIGUSR1"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda number, _: child.send_signal(number))
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to both
        code = child.wait()
    return code if code >= 0 else 128 - code


def main(words: Sequence[str]) -> int:
    """Do what the words say."""
    told = parser().parse_args(words)
    run, again = find_run(told.run), user_path(told.output or run_folder()).absolute()
    if not again.exists():
        require_possible(again, "--output")
    prepare(run, again)
    if code := train(again):
        return code
    for part in tell(run, again):
        print(part if isinstance(part, str) else "\n".join(lines(part)))
    return 0 if is_same(run, again) else DIFFERENT


if __name__ == "__main__":
    sys.exit(exit_code(partial(main, sys.argv[1:])))
