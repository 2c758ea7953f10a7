"""A command that was started in a process of its own, until it has ended."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from kindling.launcher import tied

GRACE = 60.0  # seconds to save in, before it is killed
MOST = 300  # characters of what is told of its end
TAIL = 20_000  # bytes, among which its last line is


class Started:
    """One process, the leader of a group; on Linux it is asked to stop where its starter dies.

    That is bound to the thread that starts it: the main one. What it writes goes to a file by itself,
    so that it can still save where nobody is left to read.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], console: Path) -> None:
        self.console = console
        console.parent.mkdir(parents=True, exist_ok=True)
        with console.open("ab") as file:
            file.write(f"$ {shlex.join(command)}\n".encode())
            file.flush()
            self.begin = file.tell()
            self.process = subprocess.Popen(
                tie(command),
                env={**environment, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,  # Ctrl-C is for the sweep, which passes it on
            )

    def wait(self, seconds: float | None = None) -> str | None:
        """Until it has ended; why that was badly, in a line. None where it wasn't."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.stop()
            return f"was stopped after {(seconds or 0) / 60:g} minutes; raise launcher.minutes"
        if self.process.returncode == 0:
            return None
        self.kill()  # its ranks and workers, which may wait for it for ever
        if self.process.returncode < 0:
            return f"killed by {signal.Signals(-self.process.returncode).name}"
        return self.last_line() or f"exit code {self.process.returncode}"

    def has_ended(self) -> bool:
        """Whether it has; from a handler of signals too, as this takes no lock."""
        if self.process.returncode is not None:
            return True
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def ask(self) -> None:
        """Ask it to save and stop: itself alone, as it tells its ranks and workers in due order."""
        with suppress(ProcessLookupError):
            self.process.terminate()

    def stop(self) -> None:
        """Ask it to stop, and kill it where it takes too long."""
        self.ask()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE)
        self.kill()

    def kill(self) -> None:
        """End it, and all that it started, at once."""
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        else:
            self.process.kill()
        self.process.wait()

    def last_line(self) -> str:
        """What it said last, where errors are."""
        with self.console.open("rb") as file:
            file.seek(max(self.begin, self.console.stat().st_size - TAIL))
            text = file.read().decode(errors="replace")
        lines = [line.strip() for line in text.replace("\r", "\n").splitlines() if line.strip()]
        return lines[-1][:MOST] if lines else ""


def tie(command: Sequence[str]) -> list[str]:
    """The command that is asked to stop when this process dies; the same on other systems than Linux."""
    if sys.platform != "linux":
        return [*command]
    return [sys.executable, "-I", "-S", str(tied.__file__), str(os.getpid()), *command]


def wait_for(ended: Callable[[], bool], seconds: float, step: float = 0.05) -> bool:
    """Whether something came about within so many seconds."""
    deadline = time.monotonic() + seconds
    while not (there := ended()) and time.monotonic() < deadline:
        time.sleep(step)
    return there
