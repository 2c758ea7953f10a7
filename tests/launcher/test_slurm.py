"""Jobs in Slurm's queue, with a queue of shell scripts in its place; scripts/slurm_sandbox has a real one."""

import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from kindling.error import MachineError
from kindling.launcher.attempt import Attempt
from kindling.launcher.slurm import Slurm, outcome
from kindling.launcher.started import wait_for

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Slurm runs under Linux")
TOOLS = {
    "sbatch": 'env > $Q/environment; cp "$1" $Q/script; touch $Q/queued/7; echo Submitted batch job 7',
    "squeue": "[ ! -e $Q/away ] && ls $Q/queued",
    "scancel": 'echo "$@" >> $Q/cancelled; case "$1" in --signal=*) rm -f $Q/queued/*;; esac',
    "scontrol": "echo JobId=7 JobState=NODE_FAIL Reason=None",
    "srun": "true",
}
Cluster = Callable[..., Slurm]


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of queued jobs, and commands that look at it."""
    pytest.importorskip("submitit")
    (tmp_path / "queue" / "queued").mkdir(parents=True)
    for name, text in TOOLS.items():
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    monkeypatch.setenv("Q", f"{tmp_path}/queue")
    return tmp_path / "queue"


@pytest.fixture
def cluster(queue: Path, tmp_path: Path) -> Iterator[Cluster]:
    """A launcher that has begun a sweep there, and looks only when it is told to."""
    made = []

    def build(**settings: Any) -> Slurm:
        made.append(Slurm(**settings))
        made[-1].every = 60
        made[-1].open(tmp_path)
        return made[-1]

    yield build
    for one in made:
        one.over.set()


def leave(launcher: Slurm, told: tuple[str, Any]) -> None:
    """What submitit writes at the end of a job."""
    result, _ = launcher.waiting["7"]
    result.write_bytes(pickle.dumps(told))


def test_what_is_asked_for_stands_in_the_script(
    cluster: Cluster, queue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLURM_NTASKS", "5")
    monkeypatch.setenv("SLURM_CONF", "/etc/own.conf")
    launcher = cluster(minutes=90, tasks=2, gpus=1, memory=1.5, partition="long", options={"account": "me"})
    launcher.submit(["python", "train.py"], "000-job")
    lines = (queue / "script").read_text().splitlines()
    asked = {"requeue", "time=90", "ntasks-per-node=2", "gpus-per-node=1", "mem=1536MB", "partition=long"}
    asked |= {"account=me", "signal=USR2@120", "open-mode=append", f"job-name={launcher.name}"}
    assert {f"#SBATCH --{one}" for one in asked} <= {*lines}
    variables = (queue / "environment").read_text().splitlines()
    assert "SLURM_CONF=/etc/own.conf" in variables
    assert "SLURM_NTASKS=5" not in variables


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (("success", None), None),
        (("success", "killed by SIGKILL"), "killed by SIGKILL"),
        (("error", "Traceback\n  File\nOSError: no such file\n"), "OSError: no such file"),
    ],
)
def test_the_end_of_a_job_is_what_it_left(told: tuple[str, Any], why: str | None, cluster: Cluster) -> None:
    launcher = cluster()
    future = launcher.submit(["true"], "000-job")
    launcher.look()
    assert not future.done()
    leave(launcher, told)
    launcher.look()
    assert future.result(0) == why


def test_a_job_that_leaves_the_queue_without_a_word_is_told(cluster: Cluster, queue: Path) -> None:
    launcher = cluster()
    future = launcher.submit(["true"], "000-job")
    (queue / "queued" / "7").unlink()
    (queue / "away").touch()  # Slurm doesn't answer, which says nothing of the job
    for _ in range(3):
        launcher.look()
    (queue / "away").unlink()
    launcher.look()
    assert not future.done(), "its result may come a moment later"
    launcher.look()
    assert future.result(0) == "left Slurm's queue as node_fail, job 7"


def test_stopping_asks_all_to_save_and_queues_nothing_again(cluster: Cluster, queue: Path) -> None:
    launcher = cluster()
    launcher.every = 0
    launcher.submit(["true"], "000-job")
    launcher.stop()
    assert (queue / "cancelled").read_text() == "--state=PENDING 7\n--signal=USR2 7\n"
    assert launcher.mark.exists()


def test_what_an_earlier_sweep_left_in_the_queue_is_ended_first(
    cluster: Cluster, queue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (queue / "queued" / "3").touch()
    launcher = cluster()
    assert capsys.readouterr().out == "sweep: asks 1 jobs in Slurm's queue to save and stop\n"
    assert (queue / "cancelled").read_text() == "--state=PENDING 3\n--signal=USR2 3\n"
    assert not launcher.mark.exists()


def test_a_machine_without_slurm_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MachineError, match=r"^launcher=slurm: needs sbatch"):
        Slurm().open(tmp_path)


def test_what_slurm_refuses_is_told(cluster: Cluster, tmp_path: Path) -> None:
    launcher = cluster()
    (tmp_path / "bin" / "sbatch").write_text("#!/bin/sh\necho 'invalid partition' >&2\nexit 1\n")
    with pytest.raises(MachineError, match=r"^launcher=slurm: sbatch refused: .*invalid partition"):
        launcher.submit(["true"], "000-job")


def test_a_result_that_is_not_there_is_asked_for(queue: Path, tmp_path: Path) -> None:
    assert outcome("7", tmp_path / "none.pkl") == "left Slurm's queue as node_fail, job 7"


@pytest.mark.parametrize(("stopping", "again"), [(False, True), (True, False)])
def test_an_attempt_saves_ahead_of_its_end_and_is_queued_again(
    stopping: bool, again: bool, tmp_path: Path
) -> None:
    pytest.importorskip("submitit")
    script = f"trap 'echo saved; exit 3' TERM; touch {tmp_path}/ready; while :; do sleep 0.02; done"
    attempt = Attempt(["sh", "-c", script], tmp_path / "console" / "a.txt", tmp_path / "stop")
    if stopping:
        attempt.mark.touch()
    kept = []
    before = signal.signal(signal.SIGUSR2, lambda *_: kept.append(attempt.checkpoint()))
    try:
        Timer(
            0.1, lambda: wait_for((tmp_path / "ready").exists, 20) and os.kill(os.getpid(), signal.SIGUSR2)
        ).start()
        assert attempt() == "saved"
    finally:
        signal.signal(signal.SIGUSR2, before)
    assert (kept[0] is not None) == again
    assert not again or kept[0].function.command == attempt.command


def test_each_task_of_several_is_a_process_with_its_rank(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for count, procid, name, told in (("1", "0", "a.txt", " 3"), ("2", "1", "a-1.txt", "1 3")):
        monkeypatch.setenv("SLURM_NTASKS", count)
        monkeypatch.setenv("SLURM_PROCID", procid)
        monkeypatch.setenv("SLURM_CPUS_PER_TASK", "3")
        attempt = Attempt(
            ["sh", "-c", 'echo "$SLURM_PROCID $OMP_NUM_THREADS"'], tmp_path / "a.txt", tmp_path / "stop"
        )
        assert attempt() is None
        assert (tmp_path / name).read_text().splitlines()[-1] == told
