"""Signals that ask a run to stop: at once, or while it trains at the next point that it can resume from."""

import signal
import threading
import time
from types import FrameType
from typing import Any, NoReturn

from kindling.error import StoppedError

NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1")  # Slurm sends the last ahead of time; Windows lacks two
ONE = 0.5  # seconds: a parent that dies says so once for each of its threads
SIGNALS = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]


class Stop:
    """Listens for signals; `asked` is the first that came, and a second one, a while later, acts as usual."""

    def __init__(self) -> None:
        self.asked: StoppedError | None = None
        self.waits = False  # whether somebody looks at `asked`, so that nothing has to be raised
        self.handlers: dict[int, Any] = {}
        self.heard = 0.0  # when

    def listen(self) -> None:
        """Hear the signals from now on, in place of whoever else does; what nohup ignores stays ignored."""
        is_main = threading.current_thread() is threading.main_thread()  # others, as of a notebook, get none
        if not self.asked and is_main:
            for number in SIGNALS:
                known = signal.getsignal(number)
                if known not in (signal.SIG_IGN, self._on_signal):
                    signal.signal(number, self._on_signal)
                    self.handlers.setdefault(number, known)

    def leave(self) -> NoReturn:
        """Stop as was asked, of this process or of another that it works with."""
        self.waits = False
        self.asked = self.asked or StoppedError(signal.SIGTERM, "SIGTERM")
        raise self.asked

    def end(self) -> None:
        """Give the signals back."""
        self.waits = False
        for number, handler in self.handlers.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        if self.asked:
            if self.asked.exit_code != 128 + number or time.monotonic() - self.heard >= ONE:
                self.end()
                signal.raise_signal(number)
            return
        self.heard = time.monotonic()
        self.asked = StoppedError(number, signal.Signals(number).name)
        if not self.waits:
            raise self.asked
