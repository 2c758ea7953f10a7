"""What all commands in scripts/ share: how they read their words, and how they end."""

import argparse
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import Any, NoReturn

from kindling.error import ConfigError, as_user_error, suggest


class Parser(argparse.ArgumentParser):
    """Tells a mistake as the rest of the program does; its help keeps the lines of the description."""

    def __init__(self, prog: str, description: str | None = None, **options: Any) -> None:
        shape = argparse.RawDescriptionHelpFormatter
        super().__init__(prog, description=description, formatter_class=shape, allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """Called by argparse."""
        more = "" if message.endswith("?") else f"; see {self.prog} -h"
        raise ConfigError(f"{self.prog}: {message}{more}")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            known = [str(choice) for choice in action.choices]
            told = f"expected one of {', '.join(known)}, got {value}{suggest(str(value), known)}"
            raise argparse.ArgumentError(action, told)


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
