#!/usr/bin/env python3
"""Tell what this machine has, and what would not work on it: python scripts/doctor.py.

It tries each package in a process of its own, so that one that crashes is told as well; that takes
half a minute. It changes nothing. What it prints names folders of this machine.

exit codes: 0 nothing was found that would not work, 2 wrong words, 6 something was.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from typing import NoReturn

try:
    from diagnosis.machine import devices, space
    from diagnosis.package import attempts, extras, versions
    from diagnosis.row import Row
    from kindling.error import as_user_error, one_line
except ImportError as lack:  # nothing is imported there but what Python has, and the project
    told = f"can't be imported by Python {sys.version.split()[0]} ({lack})"
    print(f"kindling: {told}; type: scripts/run python scripts/doctor.py", file=sys.stderr)
    raise SystemExit(6) from None

WIDTH = 18  # of the names


class Parser(argparse.ArgumentParser):
    """Tells a mistake in one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and leave."""
        self.exit(2, f"scripts/doctor.py: {message}; see scripts/doctor.py -h\n")


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


def main(words: list[str]) -> int:
    """Examine; the exit code tells whether something would not work."""
    about = argparse.RawDescriptionHelpFormatter
    Parser("scripts/doctor.py", description=__doc__, formatter_class=about).parse_args(words)
    try:
        return 0 if examine() else 6
    except (Exception, KeyboardInterrupt) as error:
        known = as_user_error(error)
        told = known or f"{type(error).__name__}: {one_line(error)}; please tell of it"
        print(f"scripts/doctor.py: {told}", file=sys.stderr, flush=True)
        if isinstance(error, BrokenPipeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return known.exit_code if known else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
