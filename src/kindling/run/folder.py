"""A run's folder, and what is written there however the run ends."""

import json
import logging
import os
import shlex
import sys
import warnings
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import yaml

from kindling.error import PrunedError, RunError, StoppedError, as_user_error
from kindling.run.environment import describe
from kindling.run.naming import is_first_rank
from kindling.run.process import alone, this_process
from kindling.run.resume import Past
from kindling.run.stop import Stop
from kindling.run.word import key_of
from kindling.source.whole import written_whole
from kindling.typed import runner

log = logging.getLogger(__name__)


class Run:
    """Claims a folder for one run alone, writes what runs there, and at the end how it went.

    A run that goes on has a `past`: of its files none is touched before it is sure that it can.
    """

    def __init__(
        self, folder: Path, config: dict[str, Any], overrides: list[str], past: Past | None = None
    ) -> None:
        self.folder = folder
        self.config = config
        self.overrides = overrides
        self.past = past
        self.keeps_record = is_first_rank()
        self.started = datetime.now().astimezone()
        self.environment: dict[str, Any] = past.environment if past else {}
        self.stop = Stop()
        self.trial: int | None = None  # its number in the search of a sweep that may end it early
        self.begun = False
        self.claim = ExitStack()  # of a run that goes on, until its record says so

    def __enter__(self) -> "Run":
        if self.past is None:
            self._claim()
        elif self.keeps_record:
            self.claim.enter_context(alone(self.folder))
        try:
            self.stop.listen()
            hush()
            if self.past is None:
                self._begin()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.stop.asked is None:
            self.stop.end()
        self.claim.close()
        # a stop may come out as another error
        known = (self.stop.asked or as_user_error(error)) if error is not None else None
        with suppress(OSError):  # on a full disk the first error is the one to tell
            if error is None:
                self._set_status("done", 0)
            elif isinstance(known, PrunedError):
                self._set_status("pruned", 0)
            elif isinstance(known, StoppedError):
                self._set_status("stopped", known.exit_code, str(known))
                known = known.then(f"go on: {runner()}python train.py resume={shown(self.folder)}")
            else:
                self._set_status("failed", known.exit_code if known else 1, str(known or repr(error)))
                log.info("failed", exc_info=error)
        self.stop.end()
        if known is not None and known is not error:
            raise known from error

    def go_on(self, identity: dict[str, Any], trainer: Any) -> Path | None:
        """The checkpoint to train from, if there is one; `identity` says which data they are."""
        path = None
        if self.past:
            from kindling.run.restore import find_state, take_up  # which need torch

            path, state = find_state(self.past, identity)
            if self.keeps_record:
                Past(self.folder).require_idle()  # somebody may have been faster
            self._begin()
            self.claim.close()
            take_up(self.past, state, trainer)
        self.note(data=identity)
        return path

    def note(self, **facts: Any) -> None:
        """Add facts to environment.json."""
        self.environment |= facts
        self._write("environment.json", _json(self.environment))

    def _begin(self) -> None:
        if not self.begun:
            self.begun = True
            self._set_status("running")
        command = shlex.join(["python", "train.py", *self.overrides])
        before = [line for line in self._lines("command.txt") if line != command]
        self._write("command.txt", "".join(f"{line}\n" for line in [*before, command]))
        self._write("config.yaml", yaml.safe_dump(self.config, sort_keys=False, allow_unicode=True))
        if self.keeps_record:
            log.info(command)
            found = describe()
            again = {"resumed": [*self.environment.get("resumed", []), found]} if self.environment else {}
            self.note(**(again or found))

    def _lines(self, name: str) -> list[str]:
        with suppress(OSError, UnicodeDecodeError):
            return (self.folder / name).read_text(encoding="utf-8").splitlines() if self.past else []
        return []

    def _claim(self) -> None:
        if not self.keeps_record:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        found = sorted(path.name for path in self.folder.iterdir() if path.name not in ("log.txt", ".hydra"))
        if not found:
            with suppress(FileExistsError):
                (self.folder / "status.json").touch(exist_ok=False)
                self.begun = True
                self._set_status("running")
                return
        got = ", ".join((found or ["status.json"])[:3])
        raise RunError(f"{self.folder}: expected an empty folder, got one with {got}; choose another")

    def _set_status(self, status: str, exit_code: int | None = None, error: str | None = None) -> None:
        if not self.begun:
            return
        seconds = round((datetime.now().astimezone() - self.started).total_seconds(), 3)
        words = [word for word in self.overrides if key_of(word) != "resume"]
        facts = {"status": status, "exit_code": exit_code, "error": error, "overrides": words}
        times = {"started": self.started.isoformat(timespec="seconds"), "seconds": seconds}
        text = _json(facts | times | {"process": this_process()})
        try:
            self._write("status.json", text)
        except OSError:  # a full disk still has the room that the old file took
            with (self.folder / "status.json").open("r+", encoding="utf-8") as file:
                file.write(text)
                file.truncate()

    def _write(self, name: str, text: str) -> None:
        if self.keeps_record:
            with written_whole(self.folder / name) as file:
                file.write(text.encode())


def note_failure(folder: Path, overrides: list[str], error: BaseException) -> None:
    """Write down why a job of a sweep could not even begin, where nothing is written yet."""
    with suppress(OSError, FileExistsError):
        if not (folder / "status.json").exists():
            run = Run(folder, {}, overrides)
            run.begun = True
            run._set_status("failed", getattr(error, "exit_code", 1), str(error) or repr(error))


def hush() -> None:
    """Send warnings to log.txt as well, and keep from the terminal what nobody could act on."""
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a log that can't be written would fill the terminal with tracebacks
    logging.getLogger("pytorch_lightning.utilities.rank_zero").addFilter(no_advert)
    if not sys.warnoptions:
        warnings.simplefilter("ignore", FutureWarning)
    # it can't know that the order of the rows starts at the batch that comes next
    warnings.filterwarnings("ignore", "You're resuming from a checkpoint that ended before the epoch")


def shown(folder: Path) -> str:
    """A folder as one would type it."""
    return shlex.quote(os.path.relpath(folder) if folder.is_relative_to(Path.cwd()) else str(folder))


def no_advert(record: logging.LogRecord) -> bool:
    """Lightning recommends a paid service at each start, and tells that it counts the batches."""
    said = record.getMessage()
    return "Tip:" not in said and "to estimate number of stepping batches" not in said


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
