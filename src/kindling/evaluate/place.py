"""Where an evaluation goes; judged before torch is imported."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kindling.error import ConfigError, MachineError
from kindling.run.find import BEST, is_run
from kindling.source.path import user_path
from kindling.source.whole import require_possible

OUTPUTS = "outputs"
NUMBERS = "evaluation.json"


def usual_folder(checkpoint: Path, rows: str) -> Path:
    """`outputs/evaluation/<run>-<rows>`: a run is named by where it lies below outputs/."""
    run = run_of(checkpoint)
    parts = [checkpoint.stem]
    if run:
        *_, below = "/".join(run.parts).rpartition(f"/{OUTPUTS}/")
        parts = below.split("/") if f"/{OUTPUTS}/" in "/".join(run.parts) else [run.name]
        parts += [] if checkpoint.name == BEST.name else [checkpoint.stem]
    return Path(OUTPUTS, "evaluation", "-".join([*parts, user_path(rows).stem]))


def require_free(folder: Path, checkpoint: Path, force: bool) -> None:
    """Refuse a folder that holds something; that of the run in any case. Raises UserError."""
    run, place = run_of(checkpoint), folder.resolve()
    if run and (place == run or run in place.parents):
        raise ConfigError(f"--output: expected a folder outside the run's, got {folder}; name another")
    if folder.exists() and not folder.is_dir():
        raise MachineError(f"--output: {folder}: expected a folder, got a file; name another")
    there = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    if there and not force:
        got = ", ".join(there[:3])
        told = f"{folder}: expected a new or empty folder, got one with {got}"
        raise MachineError(f"{told}; name another with --output, or add --force to write over it")
    require_possible(folder / NUMBERS, "--output")


@contextmanager
def filling(folder: Path) -> Iterator[Path]:
    """A folder to write to, whose files go to this one once all are there; else nothing is left."""
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    temporary = folder / f".{os.getpid()}"
    try:
        temporary.mkdir(parents=True)
        yield temporary
        for path in sorted(temporary.iterdir(), key=lambda path: path.name == NUMBERS):
            path.replace(folder / path.name)
    except OSError as error:
        error.filename = str(folder)  # nobody knows the other
        raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        for empty in made:
            with suppress(OSError):
                empty.rmdir()


def run_of(checkpoint: Path) -> Path | None:
    """The folder of the run that a checkpoint lies in."""
    return next(filter(is_run, checkpoint.resolve().parents[:3]), None)
