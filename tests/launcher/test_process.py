"""Jobs in processes of their own: their share of the machine, and how each of them ends."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from kindling.launcher import started
from kindling.launcher.idle import wait_until_idle
from kindling.launcher.process import Process
from kindling.launcher.started import wait_for
from kindling.run.process import this_process

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no groups of processes")
Open = Callable[..., Process]
SAVES = "trap 'echo saved; exit 143' TERM; touch ready; while :; do sleep 0.02; done"
IGNORES = "trap '' TERM; touch ready; while :; do sleep 0.02; done"


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """A launcher for a sweep in this test's folder; nothing of it stays."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    made = []

    def build(**settings: Any) -> Process:
        made.append(Process(**settings))
        made[-1].open(tmp_path)
        return made[-1]

    yield build
    for one in made:
        for running, _ in list(one.running.values()):
            running.kill()


def shell(launcher: Process, script: str, name: str = "000-job") -> Future[str | None]:
    return launcher.submit(["sh", "-c", script], name)


def console(folder: Path, name: str = "000-job") -> str:
    return (folder / "console" / f"{name}.txt").read_text()


def until_ready(folder: Path) -> None:
    assert wait_for((folder / "ready").exists, 20)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("echo fine", None),
        ("echo out; echo data.path: is missing >&2; echo; exit 3", "data.path: is missing"),
        ("exit 5", "exit code 5"),
        ("echo before; kill -KILL $$", "killed by SIGKILL"),
    ],
)
def test_a_job_says_in_a_line_why_it_ended_badly(script: str, why: str | None, opened: Open) -> None:
    assert shell(opened(), script).result(20) == why


def test_what_a_job_says_is_added_to_what_it_said_before(opened: Open, tmp_path: Path) -> None:
    launcher = opened()
    assert shell(launcher, "echo first; exit 1").result(20) == "first"
    assert shell(launcher, "exit 1").result(20) == "exit code 1"
    assert console(tmp_path) == "$ sh -c 'echo first; exit 1'\nfirst\n$ sh -c 'exit 1'\n"


def test_a_killed_job_costs_only_itself_and_all_that_it_started(opened: Open, tmp_path: Path) -> None:
    launcher = opened()
    other = shell(launcher, "until [ -e go ]; do sleep 0.02; done", "001-other")
    killed = shell(launcher, "sleep 60 & echo $!; touch ready; wait")
    until_ready(tmp_path)
    launcher.running[1][0].process.kill()
    assert killed.result(20) == "killed by SIGKILL"
    child = int(console(tmp_path).splitlines()[-1])
    assert wait_for(lambda: not runs(child), 20)
    (tmp_path / "go").touch()
    assert other.result(20) is None


def runs(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]


def test_jobs_share_the_cores_and_the_gpus(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kindling.launcher.process.usable_cores", lambda: 7)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3,GPU-a,5")
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("SLURM_NTASKS", "2")
    launcher = opened(jobs=2)
    script = "echo $OMP_NUM_THREADS $CUDA_VISIBLE_DEVICES $RANK $SLURM_NTASKS; until [ -e go ]; do :; done"
    names = ["000-a", "001-b"]
    futures = [shell(launcher, script, name) for name in names]
    (tmp_path / "go").touch()
    assert [future.result(20) for future in futures] == [None, None]
    assert [console(tmp_path, name).splitlines()[-1] for name in names] == ["3 3", "3 GPU-a"]


def test_a_place_is_free_again_once_its_job_has_ended(opened: Open) -> None:
    launcher = opened(jobs=1, threads=5)
    for _ in range(3):
        assert shell(launcher, '[ "$OMP_NUM_THREADS" = 5 ]').result(20) is None


def test_a_job_that_takes_too_long_saves_and_stops(opened: Open, tmp_path: Path) -> None:
    future = shell(opened(minutes=0.005), SAVES)
    assert future.result(20) == "was stopped after 0.005 minutes; raise launcher.minutes"
    assert console(tmp_path).endswith("\nsaved\n")


def test_stopping_lets_all_jobs_save(opened: Open, tmp_path: Path) -> None:
    launcher = opened()
    futures = [shell(launcher, SAVES.replace("ready", name), name) for name in ("000-a", "001-b")]
    assert wait_for(lambda: (tmp_path / "000-a").exists() and (tmp_path / "001-b").exists(), 20)
    launcher.stop()
    assert [future.result(0) for future in futures] == ["saved", "saved"]
    assert launcher.running == {}


def test_a_second_signal_kills_a_job_that_does_not_stop(opened: Open, tmp_path: Path) -> None:
    launcher = opened()
    future = shell(launcher, IGNORES)
    until_ready(tmp_path)
    Timer(0.2, os.kill, [os.getpid(), signal.SIGTERM]).start()
    launcher.stop()
    assert future.result(0) == "killed by SIGKILL"
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_job_that_does_not_stop_is_killed_in_the_end(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kindling.launcher.process.GRACE", 0.1)
    launcher = opened()
    future = shell(launcher, IGNORES)
    until_ready(tmp_path)
    launcher.stop()
    assert future.result(0) == "killed by SIGKILL"


@pytest.mark.skipif(sys.platform != "linux", reason="Slurm runs under Linux")
def test_a_job_does_not_hear_the_signal_that_slurm_sends_to_all(opened: Open) -> None:
    assert shell(opened(), "kill -USR2 $$; echo alive; exit 1").result(20) == "alive"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties processes together")
def test_a_job_is_asked_to_stop_when_its_sweep_is_killed(tmp_path: Path) -> None:
    parent = os.fork()
    if not parent:
        started.Started(["sh", "-c", f"cd {tmp_path}; {SAVES}"], os.environ, tmp_path / "console/a.txt")
        time.sleep(60)
        os._exit(0)
    until_ready(tmp_path)
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    assert wait_for(lambda: console(tmp_path, "a").endswith("\nsaved\n"), 20)


def test_a_sweep_waits_for_jobs_of_an_earlier_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = tmp_path / "000-job"
    job.mkdir()
    facts = {"status": "running", "process": this_process()}
    (job / "status.json").write_text(json.dumps(facts))
    Timer(0.2, (job / "status.json").write_text, [json.dumps(facts | {"status": "stopped"})]).start()
    began = time.monotonic()
    wait_until_idle(tmp_path, 20)
    assert 0.1 < time.monotonic() - began < 10
    assert capsys.readouterr().out == "sweep: waits for 1 jobs of an earlier start to save\n"
    wait_until_idle(tmp_path, 20)
    assert capsys.readouterr().out == ""
