"""A sweep that is killed at any moment, and started by the same command again, ends as one that never was."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from scripts.benchmark.kill import copied
from scripts.benchmark.same import differences
from tests.conftest import PROJECT, status

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows copies no process")
COMMON = ["-m", "data=wine", "trainer=cpu", "save_interval=0.05", "callback=[learning_rate_monitor]"]
SWEEPS = {
    "grid": ["optimizer=adam,sgd", "trainer.max_epochs=15", "sweep.name=s"],
    "seeds": ["seeds=3", "scheduler=onecycle", "trainer.max_epochs=15", "sweep.name=s"],
}


def sweep(folder: Path, words: list[str], seconds: float | None = None) -> int | None:
    """Start it, and kill it with all that it has started; None where it did not come to its end."""
    folder.mkdir(exist_ok=True)
    output = folder / "output.txt"
    process = copied(folder, [str(PROJECT / "train.py"), *COMMON, *words], output, output)
    process.join(seconds)
    if process.exitcode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.join()
        return None
    return int(process.exitcode)


def jobs(folder: Path) -> list[Path]:
    return sorted(path.parent for path in (folder / "outputs/sweep/s").glob("*/status.json"))


def done(folder: Path) -> dict[str, Any]:
    """When each job that is done began, by its name."""
    found = {}
    for job in jobs(folder):
        with suppress(ValueError):  # killed while it took its folder
            found |= {job.name: status(job)["started"]} if status(job)["status"] == "done" else {}
    return found


def killed(words: list[str], kills: int, folder: Path, chance: Random) -> Iterator[str]:
    """What is wrong after so many kills at moments of a whole sweep's time, and one start to the end."""
    began = time.monotonic()
    assert sweep(folder / "whole", words) == 0
    life = time.monotonic() - began
    left, number = kills, 0
    while left > 0:
        number += 1
        again, before = folder / str(number), dict[str, Any]()
        for _ in range(min(left, 3)):
            left -= 1
            if sweep(again, words, chance.uniform(0.2, life)) is not None:
                break
            yield from (f"{name} ran twice" for name, when in before.items() if done(again)[name] != when)
            before = done(again)
        if code := sweep(again, words):
            yield f"exit code {code}: {(again / 'output.txt').read_text()[-500:]}"
        if [job.name for job in jobs(again)] != [job.name for job in jobs(folder / "whole")]:
            yield "other jobs"
            continue
        yield from (f"{name} ran twice" for name, when in before.items() if done(again)[name] != when)
        for job, reference in zip(jobs(again), jobs(folder / "whole"), strict=True):
            yield from (f"{job.name}: {found}" for found in differences(job, reference))


def test_a_killed_sweep_goes_on(tmp_path: Path) -> None:
    assert list(killed(SWEEPS["grid"], 2, tmp_path, Random(0))) == []


@pytest.mark.full
@pytest.mark.parametrize("name", SWEEPS)
def test_many_kills_of_a_sweep(name: str, tmp_path: Path) -> None:
    assert list(killed(SWEEPS[name], 15, tmp_path, Random(f"many {name}"))) == []
