"""A sweep of which something is killed, and what is wrong once the same command has run to its end."""

import json
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import optuna
import psutil
from optuna.trial import TrialState

from kindling.launcher.started import wait_for
from kindling.sweep.study import storage
from scripts.benchmark.kill import copied
from scripts.benchmark.same import differences
from tests.conftest import PROJECT, status

COMMON = ["data=wine", "trainer=cpu", "save_interval=0.05", "callback=[learning_rate_monitor]"]
STARTED = "kindling/config/resume"  # in a process of its own a job is told to go on, where it can
DIES = 30.0  # seconds in which what a killed sweep has started saves and ends
Processes = list[psutil.Process]


@dataclass
class Kill:
    """One that hit."""

    victim: str  # sweep, job or worker
    after: float  # seconds since the start
    training: int  # jobs that were running then
    code: int | None  # of the sweep, which lives on where it is not the victim


class Sweep:
    """A sweep in a folder of its own, which one command starts again and again."""

    def __init__(self, folder: Path, words: Sequence[str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.words = folder, words
        self.kills: list[Kill] = []
        self.done: dict[str, tuple[int, str]] = {}
        self.left: Processes = []

    def start(self) -> Any:
        return start(self.folder, ["-m", "sweep.name=s", *COMMON, *self.words])

    def end(self) -> int:
        """Start it, and leave it alone."""
        process = self.start()
        process.join()
        return int(process.exitcode)

    def kill(self, victim: str, after: float) -> bool:
        """Start it, and kill one of these once it lives after so many seconds; whether there was one."""
        began, process = time.monotonic(), self.start()
        process.join(after)
        living: Processes = []
        while process.exitcode is None and not (living := find(process.pid, victim)):
            process.join(0.01)
        if not living:
            return False
        training = sum(status(job)["status"] == "running" for job in self.jobs())
        if victim == "sweep":
            self.kill_itself(process.pid)
        else:
            with suppress(psutil.NoSuchProcess):
                living[-1].kill()
        hit = Kill(victim, time.monotonic() - began, training, None)
        process.join()
        hit.code = None if victim == "sweep" else int(process.exitcode)
        self.kills.append(hit)
        return True

    def kill_itself(self, pid: int) -> None:
        """The sweep alone, and remember what it leaves behind."""
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            process.suspend()  # or it would start more, meanwhile
            self.left += process.children(recursive=True)
            process.kill()

    def orphans(self) -> list[str]:
        """What outlives the sweep that started it."""
        wait_for(lambda: not any(map(lives, self.left)), DIES)
        found = [one for one in self.left if lives(one)]
        for one in found:
            one.kill()
        return [f"lives on: {one}" for one in found]

    def jobs(self) -> list[Path]:
        found = (path.parent for path in (self.folder / "outputs/sweep/s").glob("*/status.json"))
        return sorted(job for job in found if (job / "status.json").stat().st_size)  # else not yet written

    def run_twice(self) -> Iterator[str]:
        """The jobs that were done before, and were touched since."""
        now = {job.name: mark(job) for job in self.jobs() if status(job)["status"] == "done"}
        yield from (f"{name} ran twice" for name, before in self.done.items() if now.get(name) != before)
        self.done = now


def start(folder: Path, words: Sequence[str]) -> Any:
    output = folder / "output.txt"
    return copied(folder, [str(PROJECT / "train.py"), *words], output, output, start_as_usual)


def start_as_usual() -> None:
    """Else a process that was copied would have its own workers copied from yet another one."""
    multiprocessing.set_start_method("fork", force=True)


def find(pid: int, victim: str) -> Processes:
    """Those that live: the sweep, its jobs in processes of their own, or the workers that read ahead."""
    with suppress(psutil.NoSuchProcess):
        sweep = psutil.Process(pid)
        if victim == "sweep":
            return [sweep]
        if victim == "job":
            return [
                one for one in sweep.children() if any("hydra.run.dir=" in word for word in one.cmdline())
            ]
        below = [(one, one.parent()) for one in sweep.children(recursive=True)]
        return [one for one, above in below if above and one.cmdline() == above.cmdline()]  # forked, not run
    return []


def lives(one: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return one.is_running() and one.status() != psutil.STATUS_ZOMBIE
    return False


def mark(job: Path) -> tuple[int, str]:
    path = job / "status.json"
    return path.stat().st_mtime_ns, path.read_text()


def kill_often(
    sweep: Sweep, victims: Sequence[str], kills: int, life: float, chance: Random
) -> Iterator[str]:
    """Kill as often, or until it ends; then let it come to its end. What was run twice, and what lives on."""
    for _ in range(kills):
        if not sweep.kill(chance.choice(victims), chance.uniform(0.2, life)):
            break
        if chance.random() < 0.5:  # else its jobs may still be saving as it is started again
            yield from sweep.orphans()
        yield from sweep.run_twice()
    if code := sweep.end():
        yield f"exit code {code}: {(sweep.folder / 'output.txt').read_text()[-500:]}"
    yield from sweep.run_twice()
    yield from sweep.orphans()


def compare(sweep: Sweep, whole: Sweep, same_jobs: bool) -> Iterator[str]:
    """Each job beside the same one of a sweep that was never killed, or a run of its words alone."""
    known = {job.name.partition("-")[2]: job for job in whole.jobs()}
    names = [{job.name for job in one.jobs()} for one in (sweep, whole)]
    if len(names[0]) != len(names[1]) or (same_jobs and names[0] != names[1]):
        yield f"other jobs: {sorted(names[0] ^ names[1])}"
    for job in sweep.jobs():
        reference = known.get(job.name.partition("-")[2]) or alone(job, whole.folder / "alone" / job.name)
        found = [one for one in differences(job, reference) if not one.endswith(STARTED)]
        yield from (f"{job.name}: {one}" for one in found)


def alone(job: Path, folder: Path) -> Path:
    """A run of a job's words, with nothing around it; once for all sweeps that came to that job."""
    if folder.exists():
        return folder / "run"
    folder.mkdir(parents=True)
    words = [*status(job)["overrides"], f"hydra.run.dir={folder / 'run'}", "hydra.mode=RUN"]
    process = start(folder, words)
    process.join()
    assert process.exitcode == 0, (folder / "output.txt").read_text()
    return folder / "run"


def compare_study(sweep: Sweep) -> Iterator[str]:
    """No trial is left running, and as many count as there are jobs, each with what its own came to."""
    folder = sweep.folder / "outputs/sweep/s"
    trials = optuna.load_study(study_name="val/loss", storage=storage(folder, create=False)).trials
    yield from (
        f"trial {one.number} is left {one.state.name}" for one in trials if not one.state.is_finished()
    )
    values = sorted(one.value or 0.0 for one in trials if one.state is TrialState.COMPLETE)
    if values != sorted(json.loads((job / "metrics.json").read_text())["val/loss"] for job in sweep.jobs()):
        yield f"the study has {values}"
