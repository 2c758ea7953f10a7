"""Each job in Slurm's queue, by submitit: what its time doesn't suffice for is queued again, and goes on."""

import hashlib
import os
import pickle
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import Future, wait
from importlib import import_module
from pathlib import Path
from threading import Event, Thread
from typing import Any

from kindling.error import MachineError, StoppedError, one_line
from kindling.launcher.attempt import Attempt
from kindling.launcher.base import Launcher
from kindling.launcher.started import GRACE, wait_for
from kindling.run.stop import Stop

REQUEUES = 1000  # as often as it takes: each goes on from where the last one was
SIGNAL = "USR2"  # submitit's, which the jobs themselves don't hear


class Slurm(Launcher):
    """Submits from a machine of the cluster; the sweep's folder must be one that all nodes see.

    jobs: how many are in the queue at a time
    partition: None is the cluster's own
    minutes: after which an attempt ends, and is queued again
    ahead: seconds before that end in which it saves
    nodes, tasks: how many processes train together, `trainer.num_nodes` times `trainer.devices`
    cpus: of each task
    gpus: of each node
    memory: in GB, of each node; None is the partition's own
    options: more of sbatch's, as {account:me,qos:long}
    """

    def __init__(
        self,
        jobs: int = 16,
        partition: str | None = None,
        minutes: int = 60,
        ahead: int = 120,
        nodes: int = 1,
        tasks: int = 1,
        cpus: int = 2,
        gpus: int = 0,
        memory: float | None = None,
        options: dict[str, Any] | None = None,
    ) -> None:
        self.at_once = jobs
        wanted = {"partition": partition, "time": minutes, "nodes": nodes, "ntasks_per_node": tasks}
        wanted |= {"cpus_per_task": cpus, "gpus_per_node": gpus or None, "signal_delay_s": ahead}
        wanted |= {"mem": f"{int(memory * 1024)}MB" if memory else None}
        self.wanted = {name: value for name, value in wanted.items() if value is not None}
        self.options = {"requeue": True, **(options or {})}
        self.every = 5.0  # seconds between two looks at the queue
        self.waiting: dict[str, tuple[Path, Future[str | None]]] = {}  # by number: result, and who waits
        self.gone: set[str] = set()  # which the queue did not know at the last look
        self.over = Event()

    def open(self, folder: Path) -> None:
        """Find Slurm, and end what an earlier sweep that was killed has left in the queue."""
        if not shutil.which("sbatch"):
            raise MachineError("launcher=slurm: needs sbatch, which isn't there; start it on the cluster")
        self.console = folder / "console"
        self.name = f"kindling-{hashlib.sha256(str(folder).encode()).hexdigest()[:8]}"
        logs = self.console / "slurm"
        logs.mkdir(parents=True, exist_ok=True)
        self.mark = logs / "stop"
        self._end_all()
        self.mark.unlink(missing_ok=True)
        self.executor = import_module("submitit").SlurmExecutor(logs / "%j", max_num_timeout=REQUEUES)
        self.executor.update_parameters(job_name=self.name, additional_parameters=self.options, **self.wanted)
        Thread(target=self._watch, daemon=True).start()

    def submit(self, command: Sequence[str], name: str) -> Future[str | None]:
        """Queue it; raises MachineError where Slurm refuses."""
        helpers, told = import_module("submitit.helpers"), import_module("submitit.core.utils")
        where = {name: value for name, value in os.environ.items() if name == "SLURM_CONF"}
        attempt = Attempt(command, self.console / f"{name}.txt", self.mark)
        try:
            with helpers.clean_env():
                os.environ.update(where)
                job = self.executor.submit(attempt)
        except (told.FailedJobError, subprocess.CalledProcessError) as error:
            raise MachineError(f"launcher=slurm: sbatch refused: {one_line(error)}") from None
        future: Future[str | None] = Future()
        self.waiting[job.job_id] = (job.task(0).paths.result_pickle, future)
        return future

    def stop(self) -> None:
        """Cancel what waits, ask what runs to save; a second signal, or a minute, cancels that too."""
        if self.waiting:
            self._end_all()
            wait([future for _, future in list(self.waiting.values())], 2 * self.every)
        self.over.set()

    def _end_all(self) -> None:
        if not (numbers := self._queue()):
            return
        print(f"sweep: asks {len(numbers)} jobs in Slurm's queue to save and stop", flush=True)
        again = Stop()
        try:
            again.listen()
            self.mark.touch()
            slurm("scancel", "--state=PENDING", *numbers)
            slurm("scancel", f"--signal={SIGNAL}", *numbers)
            wait_for(lambda: self._queue() == [], GRACE, step=1)
        except StoppedError:
            pass
        finally:
            again.end()
            if left := self._queue():
                slurm("scancel", *left)
                wait_for(lambda: self._queue() == [], GRACE, step=1)

    def _queue(self) -> list[str] | None:
        """The numbers of this sweep's jobs that have not ended; None where Slurm doesn't answer."""
        told = slurm("squeue", "--noheader", f"--name={self.name}", "--format=%i")
        return None if told is None else told.split()

    def _watch(self) -> None:
        while not self.over.wait(self.every):
            self.look()

    def look(self) -> None:
        """Hand on the results of jobs that have ended."""
        queue = self._queue() if self.waiting else None
        for number, (result, future) in list(self.waiting.items()):
            if (ended := number not in queue if queue is not None else False) and number not in self.gone:
                self.gone.add(number)  # its result may take a moment to be seen here
            elif ended or result.exists():
                del self.waiting[number]
                future.set_result(outcome(number, result))


def outcome(number: str, result: Path) -> str | None:
    """What a job has left; where that is nothing, what Slurm says of it."""
    if result.exists():
        kind, value = pickle.loads(result.read_bytes())
        return value if kind == "success" else str(value).strip().splitlines()[-1]
    told = slurm("scontrol", "show", "job", "--oneliner", number) or ""
    facts = dict(word.partition("=")[::2] for word in told.split())
    state = facts.get("JobState", "an unknown state").lower()
    return f"left Slurm's queue as {state}, job {number}"


def slurm(*command: str) -> str | None:
    """What one of Slurm's commands says; None where it fails, as while its controller is away."""
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return told.stdout if told.returncode == 0 else None
