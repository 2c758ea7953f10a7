"""A run's folder, and what is written there however the run ends."""

import json
import logging
import os
import shlex
import signal
import sys
import warnings
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

import yaml

from kindling.error import RunError, StoppedError, as_user_error
from kindling.run.environment import describe
from kindling.run.naming import is_first_rank

log = logging.getLogger(__name__)
SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Run:
    """Claims a folder for one run alone, writes what runs there, and at the end how it went."""

    def __init__(self, folder: Path, config: dict[str, Any], overrides: list[str]) -> None:
        self.folder = folder
        self.config = config
        self.overrides = overrides
        self.keeps_record = is_first_rank()
        self.started = datetime.now().astimezone()
        self.environment: dict[str, Any] = {}
        self.handlers: dict[int, Any] = {}
        self.stopped: StoppedError | None = None

    def __enter__(self) -> "Run":
        self._claim()
        try:
            self._begin()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop_listening()
        known = as_user_error(error) if error else None
        if error is not None and self.stopped is not None:  # a stop may come out as another error
            known = self.stopped
        with suppress(OSError):  # on a full disk the first error is the one to tell
            if error is None:
                self._set_status("done", 0)
            elif isinstance(known, StoppedError):
                self._set_status("stopped", known.exit_code, str(known))
            else:
                self._set_status("failed", known.exit_code if known else 1, str(known or repr(error)))
                log.info("failed", exc_info=error)
        if known is not None and known is not error:
            raise known from error

    def _begin(self) -> None:
        self._listen()
        self._hush()
        command = shlex.join(["python", "train.py", *self.overrides])
        self._write("command.txt", command + "\n")
        self._write("config.yaml", yaml.safe_dump(self.config, sort_keys=False, allow_unicode=True))
        if self.keeps_record:
            log.info(command)
            self.note(**describe())

    def note(self, **facts: Any) -> None:
        """Add facts to environment.json."""
        self.environment |= facts
        self._write("environment.json", _json(self.environment))

    def _claim(self) -> None:
        if not self.keeps_record:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        found = sorted(path.name for path in self.folder.iterdir() if path.name not in ("log.txt", ".hydra"))
        if not found:
            with suppress(FileExistsError):
                (self.folder / "status.json").touch(exist_ok=False)
                self._set_status("running")
                return
        got = ", ".join((found or ["status.json"])[:3])
        raise RunError(f"{self.folder}: expected an empty folder, got one with {got}; choose another")

    def _set_status(self, status: str, exit_code: int | None = None, error: str | None = None) -> None:
        seconds = round((datetime.now().astimezone() - self.started).total_seconds(), 3)
        facts = {"status": status, "exit_code": exit_code, "error": error, "overrides": self.overrides}
        times = {"started": self.started.isoformat(timespec="seconds"), "seconds": seconds}
        text = _json(facts | times)
        try:
            self._write("status.json", text)
        except OSError:  # a full disk still has the room that the old file took
            with (self.folder / "status.json").open("r+", encoding="utf-8") as file:
                file.write(text)
                file.truncate()

    def _write(self, name: str, text: str) -> None:
        if self.keeps_record:
            write_whole(self.folder / name, text)

    def _hush(self) -> None:
        logging.captureWarnings(True)  # they reach log.txt as well
        logging.raiseExceptions = False  # a log that can't be written would fill the terminal with tracebacks
        logging.getLogger("pytorch_lightning.utilities.rank_zero").addFilter(no_advert)
        if not sys.warnoptions:  # what libraries do to one another is nothing that a user could act on
            warnings.simplefilter("ignore", FutureWarning)
            warnings.filterwarnings("ignore", "The `srun` command is available")

    def _listen(self) -> None:
        # what is ignored stays so: that is how nohup works
        heard = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
        self.handlers = {number: signal.signal(number, self._on_signal) for number in heard}

    def _stop_listening(self) -> None:
        for number, handler in self.handlers.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        self._stop_listening()  # a second signal acts as usual
        self.stopped = StoppedError(number, signal.Signals(number).name)
        raise self.stopped


def no_advert(record: logging.LogRecord) -> bool:
    """Lightning recommends a paid service at each start, and tells that it counts the batches."""
    said = record.getMessage()
    return "Tip:" not in said and "to estimate number of stepping batches" not in said


def write_whole(path: Path, text: str) -> None:
    """Write a file that is there whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
