"""Each job in a process of its own, several at a time; one that is killed costs only itself."""

import os
from collections.abc import Sequence
from concurrent.futures import Future, wait
from pathlib import Path
from threading import Thread

from kindling.error import StoppedError
from kindling.launcher.base import Launcher
from kindling.launcher.environment import (
    VISIBLE,
    chosen_gpus,
    job_environment,
    share,
    usable_cores,
    visible_gpus,
)
from kindling.launcher.idle import wait_until_idle
from kindling.launcher.started import GRACE, Started
from kindling.run.stop import Stop


class Process(Launcher):
    """Divides the cores and GPUs of this machine between the jobs that run together.

    jobs: how many that are
    threads: of each; None divides the cores
    gpus: numbers of those that jobs may use; None is all that are visible
    gpus_per_job: how many of them each sees; 0 shows all to each
    minutes: after which a job is asked to stop; the same command again goes on with it

    Where the sweep itself is killed, its jobs save and stop on Linux; elsewhere they go on to their end.
    """

    def __init__(
        self,
        jobs: int = 2,
        threads: int | None = None,
        gpus: list[int] | None = None,
        gpus_per_job: int = 1,
        minutes: float | None = None,
    ) -> None:
        self.at_once = jobs
        self.threads = threads
        self.gpus = gpus
        self.gpus_per_job = gpus_per_job
        self.minutes = minutes
        self.running: dict[int, tuple[Started, Future[str | None]]] = {}  # by its place

    def open(self, folder: Path) -> None:
        """Divide the GPUs, and wait for what an earlier sweep that was killed has left to save."""
        self.console = folder / "console"
        gpus = chosen_gpus(self.gpus, visible_gpus())
        self.shares = share(gpus, self.gpus_per_job, self.at_once)
        wait_until_idle(folder, GRACE)

    def submit(self, command: Sequence[str], name: str) -> Future[str | None]:
        """Start it at a free place."""
        place = next(one for one in range(self.at_once) if one not in self.running)
        started = Started(command, self.environment(place), self.console / f"{name}.txt")
        future: Future[str | None] = Future()
        self.running[place] = (started, future)
        Thread(target=self._watch, args=(place, started, future), daemon=True).start()
        return future

    def stop(self) -> None:
        """Ask all to save and stop; a second signal, or a minute, kills them."""
        left = list(self.running.values())
        again = Stop()
        try:
            again.listen()
            for started, _ in left:
                started.ask()
            wait([future for _, future in left], GRACE)
        except StoppedError:
            pass
        finally:
            again.end()
            for started, future in left:
                if not future.done():
                    started.kill()
                    future.result()

    def environment(self, place: int) -> dict[str, str]:
        """The variables of a job at a place."""
        found = job_environment()
        threads = self.threads or max(1, usable_cores() // self.at_once)
        if self.threads or "OMP_NUM_THREADS" not in os.environ:
            found["OMP_NUM_THREADS"] = str(threads)
        if self.shares[place] or self.gpus is not None:
            found[VISIBLE] = ",".join(self.shares[place])
        return found

    def _watch(self, place: int, started: Started, future: Future[str | None]) -> None:
        """Wait for its end; in a thread of its own."""
        try:
            told = started.wait(self.minutes and 60 * self.minutes)
        except Exception as error:
            told = repr(error)
        del self.running[place]
        future.set_result(told)
