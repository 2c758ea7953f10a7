"""Work in a process of its own, so that a crash is told and goes no further."""

from __future__ import annotations  # so that an old Python comes as far as the message about it

import json
import re
import signal
import subprocess
import sys
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).parents[1]
LIMIT = 180  # seconds; packages come slowly from a disk that the network brings
PROGRAM = """
import json, os, sys
sys.path[:0], sys.path[len(sys.path):] = [sys.argv[1]], [sys.argv[2]]  # as for train.py; and this folder
from importlib import import_module
found = getattr(import_module(sys.argv[3]), sys.argv[4])(*sys.argv[5:])
print("", json.dumps(found), sep="\\n", flush=True)
os._exit(0)  # what packages say when they end is of no interest
"""


class EndedError(Exception):
    """A process ended without an answer; the words say how, and `at` in which files, innermost first."""

    def __init__(self, words: str, at: list[str] | None = None) -> None:
        super().__init__(words)
        self.at = at or []

    def inside(self, names: Collection[str]) -> str:
        """The one of these packages where it ended; "" for none."""
        parts = (part for path in self.at for part in reversed(Path(path).parts))
        return next((part for part in parts if part in names), "")


def alone(module: str, function: str, *arguments: str, limit: float = LIMIT) -> Any:
    """What a function returns in a process that does nothing else; raises EndedError."""
    words = [str(SCRIPTS.parent), str(SCRIPTS), module, function, *arguments]
    command = [sys.executable, "-P", "-X", "faulthandler", "-c", PROGRAM, *words]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        raise EndedError(f"takes more than {limit:g} seconds") from None
    with suppress(IndexError, ValueError):
        return json.loads(done.stdout.splitlines()[-1])
    raise EndedError(ending(done), re.findall(r'File "(.+)", line \d+ in ', done.stderr))


def ending(done: subprocess.CompletedProcess[str]) -> str:
    """How a process ended."""
    if done.returncode < 0:
        with suppress(ValueError):  # a number without a name
            return f"ends Python with {signal.Signals(-done.returncode).name}"
    last = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "")
    return f"ends Python with exit code {done.returncode}" + (f": {last}" if last else "")
