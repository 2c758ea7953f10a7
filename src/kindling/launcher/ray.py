"""Each job as a task of Ray: on this machine, or on the nodes of a cluster that runs already."""

import os
import signal
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, wait
from importlib import import_module
from pathlib import Path
from typing import Any

from kindling.error import MachineError, StoppedError, one_line
from kindling.launcher.base import Launcher
from kindling.launcher.environment import job_environment
from kindling.launcher.idle import is_running
from kindling.launcher.started import GRACE, Started, wait_for
from kindling.run.stop import SIGNALS, Stop

SETTINGS = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
KEPT = ("KINDLING_RUNNER", "PYTHONPATH")  # variables that a node of a cluster would lack


class Ray(Launcher):
    """Where a node dies, its jobs go on elsewhere; the sweep's folder must be one that all nodes see.

    address: of a cluster, as auto or 10.0.0.1:6379; None starts one on this machine alone
    jobs: how many wait or run at a time
    cpus, gpus: of each job; a share of a GPU is fine
    retries: how often a job is tried again after its node died
    """

    def __init__(
        self,
        address: str | None = None,
        jobs: int = 16,
        cpus: float = 1,
        gpus: float = 0,
        retries: int = 3,
    ) -> None:
        self.address = address
        self.at_once = jobs
        self.options = {"num_cpus": cpus, "num_gpus": gpus, "max_retries": retries}
        self.variables = {"OMP_NUM_THREADS": str(max(1, int(cpus)))}
        self.running: dict[Future[str | None], Any] = {}

    def open(self, folder: Path) -> None:
        """Join the cluster, or start one; raises MachineError where it can't be reached."""
        for name, value in SETTINGS.items():
            os.environ.setdefault(name, value)
        self.console = folder / "console"
        self.ray: Any = import_module("ray")
        local = {} if self.address else {"include_dashboard": False, "_node_ip_address": "127.0.0.1"}
        heard = {number: signal.getsignal(number) for number in SIGNALS}
        try:
            self.ray.init(self.address or "local", log_to_driver=False, logging_level="error", **local)
        except (OSError, RuntimeError, ValueError, self.ray.exceptions.RayError) as error:
            where = f"launcher.address={self.address}" if self.address else "launcher=ray"
            # Ray shows a token to an address that is named only where it is told to
            is_shown = not self.address or "RAY_AUTH_MODE" in os.environ
            write = "start it" + ("" if is_shown else "; if it wants a token: export RAY_AUTH_MODE=token")
            raise MachineError(f"{where}: Ray doesn't answer ({one_line(error)[:300]}); {write}") from None
        finally:
            for number, handler in heard.items():  # which it takes for itself
                signal.signal(number, handler)
        self.task = self.ray.remote(**self.options)(run)
        self.variables |= {name: os.environ[name] for name in KEPT if name in os.environ}

    def submit(self, command: Sequence[str], name: str) -> Future[str | None]:
        """Hand it to Ray, which starts it when and where there is room."""
        console = self.console / f"{name}.txt"
        task = self.task.remote([*command], self.variables, console, Path.cwd())
        future: Future[str | None] = Future()
        self.running[future] = task
        task.future().add_done_callback(lambda ended: self._hand_on(ended, future))
        return future

    def stop(self) -> None:
        """Ask all to save and stop; a second signal, or a minute, kills them; leave the cluster."""
        again = Stop()
        left = dict(self.running)
        try:
            again.listen()
            for task in left.values():
                self.ray.cancel(task)
            wait(left, GRACE)
        except StoppedError:
            pass
        finally:
            again.end()
            for future, task in left.items():
                if not future.done():
                    self.ray.cancel(task, force=True)
            if hasattr(self, "ray"):
                self.ray.shutdown()

    def _hand_on(self, ended: "Future[str | None]", future: "Future[str | None]") -> None:
        self.running.pop(future, None)
        error = ended.exception()
        lines = str(error).strip().splitlines() or [""]
        future.set_result(f"{type(error).__name__}: {lines[0]}" if error else ended.result())


def run(command: Sequence[str], variables: Mapping[str, str], console: Path, folder: Path) -> str | None:
    """What a node does for a job: it ends with this task, also where that is cancelled or killed."""
    os.chdir(folder)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored, where the sweep is in the background
    job = console.parents[1] / console.stem
    wait_for(lambda: not is_running(job), GRACE)  # where the process of a dead node still saves
    started = Started(command, {**job_environment(), **variables}, console)
    try:
        while not started.has_ended():
            time.sleep(0.1)
    except KeyboardInterrupt:  # which Ray makes of a cancellation
        started.stop()
        raise
    return started.wait()
