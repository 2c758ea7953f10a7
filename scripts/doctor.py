#!/usr/bin/env python3
"""Tell what this machine has, and what would not work on it: python scripts/doctor.py.

It tries each package in a process of its own, so that one that crashes is told as well; that takes
half a minute. It changes nothing. What it prints names folders of this machine.

exit codes: 0 nothing was found that would not work, 2 wrong words, 6 something was.
"""

import sys
from collections.abc import Iterable, Iterator
from functools import partial

try:
    from diagnosis.machine import devices, space
    from diagnosis.package import attempts, extras, versions
    from diagnosis.row import Row
    from kindling.check.command import Parser, exit_code
    from kindling.error import one_line
except ImportError as lack:  # nothing is imported there but what Python has, and the project
    told = f"can't be imported by Python {sys.version.split()[0]} ({lack})"
    print(f"kindling: {told}; type: scripts/run python scripts/doctor.py", file=sys.stderr)
    raise SystemExit(6) from None

WIDTH = 18  # of the names


def show(title: str, rows: Iterable[Row]) -> Iterator[str]:
    """Print a section as its rows come, and hand on what is wrong."""
    print(f"{title}:", flush=True)
    for row in rows:
        if row.name:
            print(f"  {row.name:<{WIDTH}} {row.text}", flush=True)
        if row.wrong:
            yield row.wrong


def examine() -> bool:
    """Print all that there is to know; whether nothing is wrong."""
    sections = {"versions": versions, "devices and threads": devices, "space": space}
    wrong = [line for title, rows in sections.items() for line in show(title, rows())]
    lacking = list(extras())
    if lacking:
        wrong += show("extras that aren't installed", lacking)
    packages = attempts()
    broken = {line.partition(":")[0] for line in packages}
    wrong = [line for line in wrong if not (line.startswith("devices:") and "torch" in broken)]
    print("what would not work:" if wrong + packages else "nothing found that would not work")
    for line in dict.fromkeys(wrong + packages):
        print(f"  {line}")
    return not wrong + packages


def run(words: list[str]) -> int:
    """Examine, where the words say nothing else."""
    Parser("scripts/doctor.py", __doc__).parse_args(words)
    return 0 if examine() else 6


def main(words: list[str]) -> int:
    """Examine; the exit code tells whether something would not work."""
    try:
        return exit_code(partial(run, words))
    except Exception as error:  # whatever is wrong with a machine, the rest was told
        told = f"{type(error).__name__}: {one_line(error)}; please tell of it"
        print(f"scripts/doctor.py: {told}", file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
