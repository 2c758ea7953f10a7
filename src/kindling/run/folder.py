"""A run's folder, and what is written there however the run ends."""

import json
import logging
import os
import shlex
import signal
import sys
import time
import warnings
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

import yaml

from kindling.error import RunError, StoppedError, as_user_error
from kindling.run.environment import describe
from kindling.run.naming import is_first_rank

log = logging.getLogger(__name__)
SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Run:
    """Claims a folder for one run alone, writes what runs there, and at the end how it went."""

    def __init__(self, folder: Path, config: dict[str, Any], overrides: list[str]) -> None:
        self.folder = folder
        self.config = config
        self.overrides = overrides
        self.keeps_record = is_first_rank()
        self.started = time.time()
        self.environment: dict[str, Any] = {}

    def __enter__(self) -> "Run":
        self._claim()
        self._listen()
        self._hush()
        self.environment = describe() if self.keeps_record else {}
        command = shlex.join(["python", "train.py", *self.overrides])
        self._write("command.txt", command + "\n")
        self._write("config.yaml", yaml.safe_dump(self.config, sort_keys=False, allow_unicode=True))
        self._write("environment.json", _json(self.environment))
        log.info(command)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop_listening()
        known = as_user_error(error) if error else None
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

    def note(self, **facts: Any) -> None:
        """Add facts to environment.json."""
        self.environment |= facts
        self._write("environment.json", _json(self.environment))

    def _claim(self) -> None:
        if not self.keeps_record:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            (self.folder / "status.json").touch(exist_ok=False)
        except FileExistsError:
            raise RunError(
                f"{self.folder}: expected a folder without a run, got one with status.json; choose another"
            ) from None
        self._set_status("running")

    def _set_status(self, status: str, exit_code: int | None = None, error: str | None = None) -> None:
        seconds = round(time.time() - self.started, 3)
        facts = {"status": status, "exit_code": exit_code, "error": error, "overrides": self.overrides}
        self._write("status.json", _json(facts | {"started": self.started, "seconds": seconds}))

    def _write(self, name: str, text: str) -> None:
        if self.keeps_record:
            write_whole(self.folder / name, text)

    def _hush(self) -> None:
        logging.captureWarnings(True)  # they reach log.txt as well
        logging.getLogger("pytorch_lightning.utilities.rank_zero").addFilter(no_advert)
        if not sys.warnoptions:  # what libraries do to one another is nothing that a user could act on
            warnings.simplefilter("ignore", FutureWarning)
            warnings.filterwarnings("ignore", "The `srun` command is available")

    def _listen(self) -> None:
        self.handlers = {number: signal.signal(number, self._on_signal) for number in SIGNALS}

    def _stop_listening(self) -> None:
        for number, handler in self.handlers.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        self._stop_listening()  # a second signal acts as usual
        raise StoppedError(number, signal.Signals(number).name)


def no_advert(record: logging.LogRecord) -> bool:
    """Lightning recommends a paid service at each start."""
    return "Tip:" not in record.getMessage()


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
