"""Killing runs at random moments, and starting the same command again until they come to their end."""

import logging
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from kindling.run.store import previous, read_checkpoint
from kindling.run.verify import newest_whole

from .same import differences

PROJECT = Path(__file__).parents[2]
INTERVAL = 0.05  # seconds
COMMON = [
    "logger=[tensorboard,csv]",
    "callback=[learning_rate_monitor]",
    f"save_interval={INTERVAL}",
    "trainer=cpu",
]
CONFIGURATIONS = {
    "plain": "data=wine optimizer=sgd trainer.max_epochs=20",
    "workers": "data=wine data.in_memory=false trainer.max_epochs=8 regularizer=[dropout]",
    "ema": "data=digits model=mlp regularizer=[ema,dropout] trainer.max_epochs=4",
    "plateau": "data=diabetes scheduler=plateau scheduler.scheduler.patience=1 trainer.max_epochs=20",
    "onecycle": "data=digits model=cnn scheduler=onecycle augmentation=affine trainer.max_epochs=3",
    "accumulation": "data=breast_cancer +trainer.accumulate_grad_batches=3 trainer.max_epochs=12",
    "mid_epoch_validation": "data=digits +trainer.val_check_interval=0.3 trainer.max_epochs=4",
    "early_stopping": "data=breast_cancer callback=[early_stopping,learning_rate_monitor] optimizer.lr=0.03"
    " callback.early_stopping.patience=2 trainer.max_epochs=40",
}
PRELOADED = [
    *("kindling.check.launch", "kindling.build", "kindling.run.restore", "pytorch_lightning.loggers"),
    *("matplotlib.figure", "matplotlib.backends.backend_agg", "torch.utils.tensorboard", "psutil"),
    "tensorboard.backend.event_processing.event_accumulator",
]
Start = Callable[[Path, str, float | None], int | None]  # folder, words, seconds until the kill; exit code


@dataclass
class Outcome:
    """One run that was killed and went on."""

    configuration: str
    start: str  # how it was started each time
    kills: list[float] = field(default_factory=list)  # seconds after each start
    lost: list[float] = field(default_factory=list)  # seconds of training that each kill cost
    differs: list[str] = field(default_factory=list)  # from the run that was never killed


def words_of(folder: Path, words: str) -> list[str]:
    """The same command for each start, as a queue of a cluster repeats it."""
    return [str(PROJECT / "train.py"), *COMMON, *words.split(), f"hydra.run.dir={folder}", "resume=auto"]


def from_the_command_line(folder: Path, words: str, seconds: float | None = None) -> int | None:
    """Start it as a user does; None where the kill came before its end."""
    command = [sys.executable, "-W", "ignore", *words_of(folder, words)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with output_of(folder).open("ab") as output:
        process = subprocess.Popen(
            command, cwd=folder.parent, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    with suppress(subprocess.TimeoutExpired):
        return process.wait(seconds)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return None


def with_imports_done(folder: Path, words: str, seconds: float | None = None) -> int | None:
    """Start it in a copy of a process that has imported torch and Lightning: without their seconds."""
    process = copied(folder.parent, words_of(folder, words), output_of(folder), output_of(folder))
    process.join(seconds)
    if process.exitcode is not None:
        return int(process.exitcode)
    try:
        os.killpg(process.pid, signal.SIGKILL)  # with those that read ahead
    except ProcessLookupError:
        process.kill()
    process.join()
    return None


@cache
def ready() -> Any:
    """What copies a process, once that one has done its imports."""
    os.environ["OMP_NUM_THREADS"] = "1"
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    process = context.Process(target=int)
    process.start()
    process.join()
    return context


def copied(
    folder: Path, words: list[str], output: Path, error: Path, before: Callable[[], None] | None = None
) -> Any:
    """A process that runs these words from a folder, in a group of its own; it may do something before."""
    process = ready().Process(target=main, args=(folder, words, output, error, before))
    process.start()
    return process


def main(
    folder: Path, words: list[str], output: Path, error: Path, before: Callable[[], None] | None
) -> None:
    """What that process does."""
    os.setsid()
    for stream, path in ((sys.stdout, output), (sys.stderr, error)):
        with path.open("ab") as file:
            os.dup2(file.fileno(), stream.fileno())
    for name in ("pytorch_lightning", "lightning_fabric"):  # which tell the terminal where they come first
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    os.chdir(folder)
    sys.argv = words
    if before:
        before()
    runpy.run_path(words[0], run_name="__main__")


def output_of(folder: Path) -> Path:
    """Where it writes what a terminal would show."""
    return folder.with_name(f"{folder.name}.out")


def prepare(configuration: str, start: Start, folder: Path) -> float:
    """A run that is never killed; how many seconds it took, from its start to its end."""
    ready()  # its imports are no part of that
    began = time.monotonic()
    code = start(folder, CONFIGURATIONS[configuration], None)
    if code != 0:
        raise RuntimeError(f"{configuration}: exit code {code}: {told(folder)}")
    return time.monotonic() - began


def kill(
    configuration: str, start: Start, folder: Path, reference: Path, life: float, kills: int, chance: Random
) -> Outcome:
    """Kill a run as often, or until it ends; let it come to its end, and compare it with the reference.

    Each kill comes at a moment of its own of the time that a whole run takes, from its start to its end.
    """
    words, outcome = CONFIGURATIONS[configuration], Outcome(configuration, start.__name__)
    for _ in range(kills):
        after, began = chance.uniform(0, life), time.time()
        if start(folder, words, after) is not None:
            break
        outcome.lost.append(lost(folder, began, time.time()))
        outcome.kills.append(after)
    code = start(folder, words, None)
    outcome.differs = [f"exit code {code}: {told(folder)}"] if code else list(differences(folder, reference))
    return outcome


def lost(folder: Path, began: float, now: float) -> float:
    """Seconds of training that no checkpoint holds, of a process that began then and is killed.

    Raises RuntimeError where there should be a checkpoint and none verifies.
    """
    last = folder / "checkpoints" / "last.ckpt"
    found, faults = newest_whole(last)
    if found is None and previous(last).exists():  # the first may lack its sha256: nothing is lost but that
        raise RuntimeError(f"{folder}: no checkpoint verifies: {faults}")
    training = modified(folder / "environment.json")  # written anew just before
    if training < began or (found and has_ended(read_checkpoint(found))):
        return 0
    return max(0, now - max(modified(found) if found else 0, training))


def has_ended(state: dict[str, Any]) -> bool:
    """Whether nothing is left to train after a checkpoint."""
    epoch = state["loops"]["fit_loop"]["epoch_progress"]["current"]
    over = epoch["processed"] == state["kindling"]["config"]["trainer"]["max_epochs"]
    return over or bool(state["kindling"]["should_stop"])


def modified(path: Path) -> float:
    """When a file was written; 0 where it never was."""
    with suppress(FileNotFoundError):
        return path.stat().st_mtime
    return 0


def told(folder: Path) -> str:
    """The end of what it wrote."""
    return " ".join(output_of(folder).read_text(errors="replace")[-500:].split())
