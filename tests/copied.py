"""train.py as a user runs it, but without the imports: in a copy of a process that has done them."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

from scripts.benchmark.kill import copied
from tests.conftest import PROJECT


@dataclass
class Ended:
    """What a terminal shows of it."""

    returncode: int
    stdout: str
    stderr: str
    orphans: bool  # whether another process of its group is still there


def run_copy(folder: Path, *words: str, before: Callable[[], None] | None = None) -> Ended:
    """Run it from a folder to its end; it may do something before."""
    output, error = folder / "stdout.txt", folder / "stderr.txt"
    for path in (output, error):
        path.unlink(missing_ok=True)
    process = copied(folder, [str(PROJECT / "train.py"), *words], output, error, before)
    process.join(300)
    return Ended(process.exitcode, output.read_text(), error.read_text(), has_orphans(process.pid))


def has_orphans(group: int) -> bool:
    """Whether a process of a group stays: what has ended goes when the system finds the time."""
    deadline = time.monotonic() + 20
    with suppress(ProcessLookupError):
        while time.monotonic() < deadline:
            os.killpg(group, 0)
            time.sleep(0.05)
        os.killpg(group, signal.SIGKILL)
        return True
    return False


def signals(target: str, call: int, *numbers: int, group: bool = False) -> Callable[[], None]:
    """What has signals come as a method is called for the n-th time, as `kindling.module.LitModule.setup`."""
    return partial(arrange, target, call, numbers, group)


def arrange(target: str, call: int, numbers: Sequence[int], group: bool) -> None:
    """Done in that process, before it runs."""
    name, _, method = target.rpartition(".")
    module, _, kind = name.rpartition(".")
    owner, calls = getattr(import_module(module), kind), count(1)
    whole = getattr(owner, method)

    def interrupted(*arguments: Any, **more: Any) -> Any:
        if next(calls) == call:
            for position, number in enumerate(numbers):
                time.sleep(0.6 * (position > 0))  # what comes at once counts as one
                os.kill(0 if group else os.getpid(), number)
        return whole(*arguments, **more)

    setattr(owner, method, interrupted)
