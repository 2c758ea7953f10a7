"""Standard output and error as they may be: closed, full, or of a terminal that knows ASCII alone."""

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Any

NOWHERE = Path(os.devnull)


def prepare() -> None:
    """Have closed streams take what is written, to nowhere, and open ones any letter."""
    while (number := os.open(NOWHERE, os.O_RDWR)) < 3:
        pass  # kept open: the next file would become standard error
    os.close(number)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, NOWHERE.open("w", encoding="utf-8"))
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def say(*lines: object) -> None:
    """Lines on standard error; on standard output where that was closed, or can't be written."""
    for stream in (sys.stderr, sys.stdout):
        if stream is None or getattr(stream, "name", "") == str(NOWHERE):
            continue
        try:
            print(*lines, sep="\n", file=stream, flush=True)
            return
        except OSError:
            discard(stream)


def discard(stream: Any) -> None:
    """Python writes the rest once more at its end, and would leave with a code of its own: to nowhere."""
    os.dup2(os.open(NOWHERE, os.O_WRONLY), stream.fileno())
