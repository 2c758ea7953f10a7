#!/usr/bin/env python3
"""The list of runs: python scripts/runs.py list | diff | report | clean; each has its own -h.

Nothing is trained, and nothing changed but by clean; report writes its files beside the runs. What
isn't a run's, or can't be read, is passed over with a line on standard error.

exit codes: 0 done, 2 wrong words, 5 a run or folder that can't be used, 6 this machine lacks something.
"""

import argparse
import shutil
import sys
from collections.abc import Iterable, Sequence
from functools import partial

import installed  # noqa: F401  # or it ends here, and says what to type

from kindling.check.command import Parser, exit_code
from kindling.error import ConfigError, MachineError
from kindling.run.clean import amount, discard, find_waste, leftovers, remove, shown
from kindling.run.compare import compare
from kindling.run.entry import Entry
from kindling.run.find import find_run
from kindling.run.listing import find_entries
from kindling.run.query import all_names, by_value, require_known, select, usual_names
from kindling.run.table import Column, column, fit, lines, write_csv
from kindling.source.path import user_path
from kindling.sweep.report import Report

LIST = """\
A table of runs and jobs of sweeps, the newest last; a run that says it is running, but whose process
has ended, is killed. Names are run, when, status, words, epochs, seconds, error, exit_code, any
metric (val/loss; of the best epoch), any setting (optimizer.lr) and any group (model)."""
DIFF = "What is different between two runs: settings, environment and results; and what was typed for each."
REPORT = """\
Trials of sweeps by the metric that they monitor, with mean and deviation over seeds and folds, and the
best one with its command. It is written to report.csv, report.md and report.png, too, in the folder of
the sweep; several sweeps are joined, and other runs are trials like theirs, for which nothing is
written without --output."""
CLEAN = """\
Removes runs that failed, after a question; with --stopped those, too, that were stopped or killed and
could go on; never one that is done, or that runs or may run elsewhere. Folders of past days without a
run go too. Links are not followed."""
RUN = "a run's folder, a checkpoint, or last"
TOLD = 5  # notes; the others are counted
SPARE = ("seconds", "when", "epochs")  # left out first where a terminal is narrow


def parser() -> Parser:
    """The words of the commands."""
    words = Parser("scripts/runs.py", __doc__)
    commands = words.add_subparsers(metavar="COMMAND", required=True)

    def add(name: str, about: str, main: object) -> argparse.ArgumentParser:
        command = commands.add_parser(name, description=about, help=about.partition(".")[0].partition(";")[0])
        command.set_defaults(main=main)
        return command

    one = add("list", LIST, list_runs)
    one.add_argument("folder", metavar="FOLDER", nargs="*", default=["outputs"], help="default outputs")
    condition = "such as status=done, model=cnn, 'test/accuracy>0.9'; may be repeated: all have to hold"
    one.add_argument("--where", metavar="CONDITION", action="append", default=[], help=condition)
    one.add_argument("--last", metavar="N", type=count, help="only the newest N of them")
    one.add_argument("--sort", metavar="NAME", default="", help="from low to high, what has no value last")
    one.add_argument("--reverse", action="store_true", help="the other way round")
    one.add_argument("--columns", metavar="NAME,…", help="what to show")
    csv = "all columns as CSV to a file, which is replaced; - is standard output, without the table"
    one.add_argument("--csv", metavar="FILE", help=csv)
    one = add("diff", DIFF, diff)
    one.add_argument("run", metavar="RUN", nargs=2, help=RUN)
    one = add("report", REPORT, report)
    about = "of a sweep, or any other; default outputs"
    one.add_argument("folder", metavar="SWEEP", nargs="*", default=["outputs"], help=about)
    one.add_argument("--csv", metavar="FILE", help="all jobs as CSV; - is standard output, and nothing else")
    one.add_argument("--output", metavar="FOLDER", help="that takes the files; default the sweep's, of one")
    one = add("clean", CLEAN, clean)
    one.add_argument("folder", metavar="FOLDER", nargs="*", default=["outputs"], help="default outputs")
    one.add_argument("--stopped", action="store_true", help="those that were stopped or killed, too")
    one.add_argument("--yes", action="store_true", help="don't ask")
    return words


def count(word: str) -> int:
    """A number of 1 or more."""
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"expected 1 or more, got {word}")
    return int(word)


def list_runs(told: argparse.Namespace) -> None:
    """Print the table, and write it as CSV."""
    runs, notes = find_entries(told.folder)
    if not runs:
        notes.append(f"no runs below {', '.join(told.folder)}")
    columns = [name.strip() for name in told.columns.split(",")] if told.columns else []
    require_known([*columns, *filter(None, [told.sort])], runs)
    runs = select(runs, told.where, told.last)
    if told.sort:
        runs = by_value(runs, told.sort, told.reverse)
    elif told.reverse:
        runs = runs[::-1]
    if told.csv:
        names = columns or all_names(runs)
        write_csv(told.csv, names, ([run.value(name) for name in names] for run in runs))
    if told.csv != "-" and runs:
        names = columns or usual_names(runs)
        table = [column(name, [run.value(name) for run in runs], digits(name)) for name in names]
        show(table, () if columns else SPARE)
    tell([*notes, *(note for run in runs for note in run.notes)])


def diff(told: argparse.Namespace) -> None:
    """Print what is different."""
    first, second = (Entry(find_run(name), is_named=True) for name in told.run)
    for part in compare(first, second):
        show(part)
    tell([*first.notes, *second.notes])


def report(told: argparse.Namespace) -> None:
    """Print the report and write its files, or write the jobs as CSV."""
    runs, notes = find_entries(told.folder)
    found = Report(runs, user_path(told.output) if told.output else None)
    if told.csv:
        write_csv(told.csv, *found.rows())
    if told.csv != "-":
        found.tell()
    if found.left_out:
        notes.append(f"{found.left_out} runs are left out, which ended before they had a metric to monitor")
    tell([*notes, *(note for run in runs for note in run.notes)])


def clean(told: argparse.Namespace) -> None:
    """Show what there is to remove, ask, and remove it."""
    runs, notes = find_entries(told.folder)
    statuses = ["failed", *(["stopped", "killed"] if told.stopped else [])]
    waste, kept = find_waste(runs, statuses)
    others = leftovers(told.folder)
    tell([*notes, *kept])
    if not waste and not others:
        print("nothing to remove")
        return
    for part in shown(waste, others):
        show(part)
    if told.yes or agreed(f"remove {amount(waste, others)}? [y/N] "):
        try:
            gone = [one for one in waste if remove(one.run)]
            for path in dict.fromkeys([*others, *leftovers(told.folder)]):
                discard(path)
        except OSError as error:
            raise MachineError(f"{error.filename}: can't be removed ({error.strerror}); try again") from None
        print(f"removed {amount(gone, others)}")


def agreed(question: str) -> bool:
    """Whether somebody says yes; raises ConfigError where nobody can."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise ConfigError("scripts/runs.py clean: expected a terminal to ask on, got none; add --yes")
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def show(part: str | list[Column], spare: Sequence[str] = ()) -> None:
    """Print a line, or a table that fits the terminal, if it goes to one."""
    if isinstance(part, str):
        print(part)
        return
    kept = part
    if sys.stdout is not None and sys.stdout.isatty():
        kept = fit(part, shutil.get_terminal_size().columns, spare)
        left_out = [one.name for one in part if one.name not in [other.name for other in kept]]
        if left_out:
            tell([f"no room for {', '.join(left_out)}; --columns chooses, and --csv has all"])
    print("\n".join(lines(kept)))


def tell(notes: Iterable[str]) -> None:
    """Print what was passed over."""
    first, more = (found := list(notes))[:TOLD], found[TOLD:]
    told = [*first, *([f"and {len(more)} more"] if more else [])]
    print(*told, sep="\n", end="\n" * bool(found), file=sys.stderr)


def digits(name: str) -> int | None:
    """How many of a number are shown: all of a setting's."""
    return 4 if "/" in name or name == "seconds" else None


def main(words: Sequence[str]) -> None:
    """Do what the words say."""
    told = parser().parse_args(words)
    told.main(told)


if __name__ == "__main__":
    sys.exit(exit_code(partial(main, sys.argv[1:])))
