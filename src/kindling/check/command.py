"""What all commands in scripts/ share: how they read their words, and how they end."""

import argparse
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import Any, NoReturn

from kindling.error import ConfigError, as_user_error


class Parser(argparse.ArgumentParser):
    """Tells a mistake as the rest of the program does; its help keeps the lines of the description."""

    def __init__(self, prog: str, description: str | None = None, **options: Any) -> None:
        shape = argparse.RawDescriptionHelpFormatter
        super().__init__(prog, description=description, formatter_class=shape, allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """Called by argparse."""
        raise ConfigError(f"{self.prog}: {message}; see {self.prog} -h")


def exit_code(main: Callable[[], int | None]) -> int:
    """Run a command; an error of the user's is one line, and a reader that goes away is no error to tell."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that knows ASCII alone
            stream.reconfigure(errors="replace")
    try:
        code = main() or 0
        flush()
        return code
    except (Exception, KeyboardInterrupt) as error:
        known = as_user_error(error)
        if known is None:
            raise
        if isinstance(error, OSError):
            discard_output()
        if sys.stderr and not isinstance(error, BrokenPipeError):
            print(known, file=sys.stderr)
        return known.exit_code


def flush() -> None:
    """Write what waits to be written, where a full disk can still be told."""
    if sys.stdout is not None:
        sys.stdout.flush()


def discard_output() -> None:
    """Python writes the rest once more at its end; where that failed, to nowhere."""
    try:
        flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
