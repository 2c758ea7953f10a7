"""One attempt at a job on a node of a cluster, that is queued again when its time ends."""

import os
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from kindling.launcher.environment import job_environment
from kindling.launcher.started import GRACE, Started, wait_for


class Attempt:
    """Called by submitit on each node, which also calls `checkpoint` ahead of the end of the job's time.

    mark: a file that is there once the sweep is to stop, so that nothing is queued again
    """

    def __init__(self, command: Sequence[str], console: Path, mark: Path) -> None:
        self.command = [*command]
        self.console = console
        self.mark = mark
        self.started: Started | None = None

    def __call__(self) -> str | None:
        """Run the command; why it ended badly."""
        rank = os.environ.get("SLURM_PROCID", "0")
        several = os.environ.get("SLURM_NTASKS", "1") != "1"
        # of one task Lightning starts the processes itself, as it does anywhere else
        environment = dict(os.environ) if several else job_environment()
        if cores := os.environ.get("SLURM_CPUS_PER_TASK"):
            environment["OMP_NUM_THREADS"] = cores
        console = self.console if rank == "0" else self.console.with_stem(f"{self.console.stem}-{rank}")
        self.started = started = Started(self.command, environment, console)
        while not started.has_ended():  # its own wait would hold a lock while a signal comes
            time.sleep(0.1)
        return started.wait()

    def checkpoint(self) -> Any:
        """Let it save, and say what to queue again: the same, which goes on by itself."""
        if self.started:
            self.started.ask()
            wait_for(self.started.has_ended, GRACE)
        again = Attempt(self.command, self.console, self.mark)
        return None if self.mark.exists() else import_module("submitit.helpers").DelayedSubmission(again)
