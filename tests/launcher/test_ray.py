"""Jobs as tasks of Ray, with one process in its place: what a node does, and how a task's end is told."""

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from threading import Timer
from types import SimpleNamespace
from typing import Any

import pytest

from kindling.error import MachineError
from kindling.launcher.ray import Ray, run
from kindling.launcher.started import wait_for

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no groups of processes")
SAVES = "trap 'echo saved; exit 143' TERM; touch ready; while :; do sleep 0.02; done"


class RayError(Exception):
    """What all errors of Ray's own are."""


class Stand:
    """Ray's functions that a launcher calls; a task ends when the test says so."""

    exceptions = SimpleNamespace(RayError=RayError)

    def __init__(self) -> None:
        self.options: dict[str, Any] = {}
        self.tasks: list[SimpleNamespace] = []
        self.cancelled: list[bool] = []
        self.left = False
        self.refuses: Exception | None = None

    def init(self, address: str, **_: Any) -> None:
        self.address = address
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # as it does
        if self.refuses:
            raise self.refuses

    def remote(self, **options: Any) -> Any:
        self.options = options
        return lambda function: SimpleNamespace(remote=self.submit)

    def submit(self, *arguments: Any) -> SimpleNamespace:
        future: Future[str | None] = Future()
        self.tasks.append(SimpleNamespace(future=lambda: future, arguments=arguments))
        return self.tasks[-1]

    def cancel(self, task: SimpleNamespace, force: bool = False) -> None:
        self.cancelled.append(force)
        task.future().set_exception(RuntimeError("TaskCancelled\nmore"))

    def shutdown(self) -> None:
        self.left = True


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    found = Stand()
    monkeypatch.setattr("kindling.launcher.ray.import_module", lambda name: found)
    before = signal.getsignal(signal.SIGTERM)
    yield found
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_job_asks_for_its_share_of_a_node(stand: Stand, tmp_path: Path) -> None:
    launcher = Ray(address="auto", cpus=2, gpus=0.5, retries=1)
    launcher.open(tmp_path)
    launcher.submit(["true"], "000-job")
    assert stand.address == "auto"
    assert stand.options == {"num_cpus": 2, "num_gpus": 0.5, "max_retries": 1}
    command, variables, console, folder = stand.tasks[0].arguments
    assert (command, console, folder) == (["true"], tmp_path / "console/000-job.txt", Path.cwd())
    assert variables["OMP_NUM_THREADS"] == "2"


def test_the_end_of_a_task_is_told_in_a_line(stand: Stand, tmp_path: Path) -> None:
    launcher = Ray()
    launcher.open(tmp_path)
    futures = [launcher.submit(["true"], name) for name in ("000-a", "001-b", "002-c")]
    ends = [task.future() for task in stand.tasks]
    ends[0].set_result(None)
    ends[1].set_result("killed by SIGKILL")
    ends[2].set_exception(RuntimeError("the node died\nand much more"))
    told = [future.result(0) for future in futures]
    assert told == [None, "killed by SIGKILL", "RuntimeError: the node died"]


def test_stopping_cancels_all_and_leaves_the_cluster(stand: Stand, tmp_path: Path) -> None:
    launcher = Ray()
    launcher.open(tmp_path)
    future = launcher.submit(["true"], "000-job")
    launcher.stop()
    assert future.result(0) == "RuntimeError: TaskCancelled"
    assert (stand.cancelled, stand.left) == ([False], True)


@pytest.mark.parametrize("error", [ConnectionError("no\nanswer"), RayError("no answer")])
@pytest.mark.parametrize(
    ("mode", "write"),
    [(None, "start it; if it wants a token: export RAY_AUTH_MODE=token"), ("token", "start it")],
)
def test_a_cluster_that_does_not_answer_is_told(
    error: Exception,
    mode: str | None,
    write: str,
    stand: Stand,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("RAY_AUTH_MODE", raising=False)
    if mode:
        monkeypatch.setenv("RAY_AUTH_MODE", mode)
    stand.refuses = error
    told = rf"^launcher\.address=auto: Ray doesn't answer \(no answer\); {write}$"
    with pytest.raises(MachineError, match=told):
        Ray(address="auto").open(tmp_path)


def test_a_task_runs_the_command_in_the_folder_of_the_sweep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    console = tmp_path / "console" / "a.txt"
    assert run(["sh", "-c", "pwd; echo $OWN; exit 3"], {"OWN": "told"}, console, tmp_path) == "told"
    assert console.read_text().splitlines()[1:] == [str(tmp_path), "told"]


def test_a_task_that_is_cancelled_lets_its_job_save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # as in the background of a shell; Ray's worker is left so
    console = tmp_path / "console" / "a.txt"
    Timer(
        0.1, lambda: wait_for((tmp_path / "ready").exists, 20) and os.kill(os.getpid(), signal.SIGINT)
    ).start()
    try:
        with pytest.raises(KeyboardInterrupt):
            run(["sh", "-c", SAVES], {}, console, tmp_path)
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    assert console.read_text().endswith("\nsaved\n")
