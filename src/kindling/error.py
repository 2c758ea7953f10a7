"""What can go wrong through no fault of the program, each kind with its exit code.

A message is one line: `where: what is wrong, expected …, got …; do …`.
"""

import errno
import traceback
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any

MACHINE_ERRNOS = {
    errno.ENOSPC: "the disk is full; free some space",
    errno.EDQUOT: "the disk quota is used up; free some space",
    errno.EFBIG: "the file is larger than allowed; raise the limit",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.EROFS: "the file system is read-only; choose another folder",
    errno.EACCES: "permission denied; choose another folder or change its mode",
    errno.EPERM: "permission denied; choose another folder or change its mode",
    errno.ENOTDIR: "a file stands where a folder is needed; move it away",
    errno.EEXIST: "a file stands where a folder is needed; move it away",
    errno.EISDIR: "a folder stands where a file is needed; move it away",
    errno.ELOOP: "a link leads back to itself; remove it",
}


class UserError(Exception):
    """A mistake or a lack that the user can mend, told in one line without a traceback."""

    exit_code = 2

    def __init__(self, text: str) -> None:
        super().__init__(" ".join(text.splitlines()))  # a file's name may hold a line break

    def _render_traceback_(self) -> list[str]:
        """Called by IPython: in a notebook, too, it is told in a line, and others in one each."""
        return [f"{type(self).__name__}: {self}", *getattr(self, "__notes__", ())]


class ConfigError(UserError):
    """The words of the command line are wrong on any machine."""


class UnsuitableError(ConfigError):
    """A part that can't work with this data; the builder adds the names of both."""

    def __init__(self, needs: str, has: str) -> None:
        super().__init__(f"needs {needs}; the data has {has}")
        self.needs = needs
        self.has = has


class DataError(UserError):
    """The data is missing, damaged, or not what was described."""

    exit_code = 3


class NotFiniteError(UserError):
    """A loss or metric is not a finite number."""

    exit_code = 4


class RunError(UserError):
    """A run or checkpoint that was named can't be used."""

    exit_code = 5


class MachineError(UserError):
    """This machine lacks something: disk, permission, device or package."""

    exit_code = 6


class StoppedError(UserError):
    """A signal asked the program to stop."""

    def __init__(self, signal_number: int, name: str) -> None:
        super().__init__(f"stopped by {name}")
        self.name = name
        self.exit_code = 128 + signal_number

    def then(self, hint: str) -> "StoppedError":
        """The same, with what to do next."""
        self.args = (f"{self}; {hint}",)
        return self


class PrunedError(UserError):
    """A search has seen enough of a run: no mistake, but it ends there."""

    exit_code = 0


class SweepError(UserError):
    """A sweep has ended with jobs that are not done, each of which is told in a line of its own."""

    exit_code = 7

    def __init__(self, text: str, jobs: Sequence[str]) -> None:
        super().__init__(text)
        self.jobs = jobs


def as_user_error(error: BaseException, part: str = "") -> UserError | None:
    """The one-line form of an error that is the user's to mend; None for a bug.

    While a part is built, `part` names it, and a value that it refuses or a file that it misses is
    the user's as well.
    """
    words, where = one_line(error), f"{part}: " if part else ""
    if known := error if isinstance(error, UserError) else raised_by_another(error):
        return known
    if isinstance(error, KeyboardInterrupt | BrokenPipeError):
        return StoppedError(*((2, "SIGINT") if isinstance(error, KeyboardInterrupt) else (13, "SIGPIPE")))
    if isinstance(error, OSError) and error.errno in MACHINE_ERRNOS:
        return MachineError(f"{where}{error.filename or 'disk'}: {MACHINE_ERRNOS[error.errno]}")
    from kindling.package import broken_package  # which builds on this module

    if broken := broken_package(error):
        return broken
    if "PytorchStreamWriter failed writing" in words:  # how torch.save tells of it
        return MachineError(f"disk: {MACHINE_ERRNOS[errno.ENOSPC]}")
    if words.startswith("Expected more than 1 value per channel"):  # torch's batch norm
        return ConfigError("model.norm: batch needs two rows or more a batch; raise data.batch_size")
    if words.startswith("Early stopping conditioned on metric"):
        return ConfigError(f"monitor.metric: {words}")
    kind = type(error).__name__  # Hydra's and Lightning's own, not imported for this
    source = raised_in(error)
    by_lightning = source.startswith(("pytorch_lightning.", "lightning_fabric."))
    of_trainer = by_lightning and (part.startswith("trainer") or (isinstance(error, ValueError) and not part))
    if kind == "MisconfigurationException" or of_trainer:
        from kindling.check.trainer import refused_by_lightning  # which builds on this module

        return refused_by_lightning(error, part)
    refusals = ValueError | TypeError | RuntimeError | ZeroDivisionError
    if isinstance(error, refusals) and source.startswith("torch.optim."):
        return ConfigError(f"{'scheduler' if source.endswith('lr_scheduler') else 'optimizer'}: {words}")
    return refused_by(part, error) if part else None


def raised_by_another(error: BaseException) -> UserError | None:
    """An error of a process that torch has started for this one, which comes back as text."""
    kinds = (ConfigError, DataError, NotFiniteError, RunError, MachineError, PrunedError)
    text = str(error) if type(error).__name__ == "ProcessRaisedException" else ""
    for kind in kinds:
        before, name, told = text.rpartition(f"\n{__name__}.{kind.__name__}: ")
        if name and before:
            return kind(told.strip())
    return None


def refused_by(part: str, error: BaseException) -> UserError | None:
    """What a part says to a value or a file while it is built; None for a bug."""
    if isinstance(error, FileNotFoundError):
        return DataError(f"{part}: {error.filename}: no such file")
    if isinstance(error, ValueError | ImportError) or type(error).__name__ == "InstantiationException":
        return ConfigError(f"{part}: {one_line(error)}")
    return None


def raised_in(error: BaseException) -> str:
    """Name of the module that raised it; not its path, as anybody's folder may be called hydra."""
    frames = list(traceback.walk_tb(error.__traceback__))
    return str(frames[-1][0].f_globals.get("__name__")) if frames else ""


def one_line(error: BaseException) -> str:
    """The words of an error without its line breaks."""
    return " ".join(str(error).split())


def suggest(word: str, words: list[str]) -> str:
    """The nearest of the words, as the end of a sentence; nothing where none is near."""
    # what comes before the dot would always be near
    last = {name.rpartition(".")[2].lower(): name for name in words}
    told = word.rpartition(".")[2].lower()
    nearest = get_close_matches(told, last, n=1) or [name for name in last if overlap(told, name)]
    return f"; did you mean {last[nearest[0]]}?" if nearest else ""


def overlap(word: str, name: str) -> bool:
    """Whether one holds a part of the other, as acc and accuracy, or reduce_on_plateau and plateau."""
    parts = [part for part in (word, *word.split("_")) if len(part) > 2]
    return len(name) > 2 and any(part in name or name in part for part in parts)


def dotted(settings: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """The name of every setting, with the groups it lies in."""
    for key, value in settings.items():
        yield f"{prefix}{key}"
        if isinstance(value, dict):
            yield from dotted(value, f"{prefix}{key}.")
