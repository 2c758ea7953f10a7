"""A sweep that is killed at any moment, and started by the same command again, ends as one that never was."""

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pytest

from kindling.launcher.started import wait_for
from scripts.benchmark.kill import ready
from tests.conftest import status
from tests.sweep.killed import Kill, Sweep, compare, compare_study, kill_often

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows copies no process")
MOST = 3  # kills of one sweep
GRID = ["optimizer=adam,sgd", "trainer.max_epochs=15"]
SEEDS = ["seeds=3", "scheduler=onecycle", "trainer.max_epochs=15"]
RATE = "optimizer.lr=tag(log,interval(1e-4,1e-1))"
OPTUNA = ["sweep=optuna", RATE, "sweep.trials=3", "sweep.sampler={tpe:{n_startup_trials:2}}"]
WORKERS = ["data.in_memory=false", "data.workers=1", "trainer.max_epochs=4"]
PROCESS = ["launcher=process", "launcher.jobs=2"]
ALL = ["sweep", "job", "worker"]
SWEEPS = {  # words, what is killed of it, and how often
    "seeds_in_process": (SEEDS, ["sweep"], 5),
    "grid_in_process": ([*WORKERS, "optimizer=adam,sgd"], ["sweep", "worker"], 6),
    "optuna_in_process": ([*WORKERS, *OPTUNA], ["sweep", "worker"], 6),
    "grid_by_process": ([*WORKERS, *PROCESS, "optimizer=adam,sgd"], ALL, 7),
    "optuna_by_process": ([*WORKERS, *PROCESS, *OPTUNA], ALL, 6),
}


def wrong(sweep: Sweep, whole: Sweep) -> Iterator[str]:
    """What differs from a sweep that was never killed: other trials too, where they are chosen by results."""
    chosen = "sweep=optuna" in sweep.words
    yield from compare(sweep, whole, same_jobs=not chosen)
    if chosen:
        yield from compare_study(sweep)


def killed(words: Sequence[str], victims: Sequence[str], kills: int, folder: Path, name: str) -> list[Kill]:
    """Kill sweeps at moments of a whole one's time, as often in all; fails where one ends otherwise."""
    ready()  # its imports are no part of that time
    whole, began, found = Sweep(folder / "whole", words), time.monotonic(), list[Kill]()
    assert whole.end() == 0, (whole.folder / "output.txt").read_text()
    life, chance = time.monotonic() - began, Random(name)
    while len(found) < kills:
        sweep = Sweep(folder / str(len(found)), words)
        most = min(kills - len(found), MOST)
        faults = [*kill_often(sweep, victims, most, life, chance), *wrong(sweep, whole)]
        assert not faults, f"{sweep.kills}: {faults[:9]}"
        found += sweep.kills
        print(*sweep.kills, sep="\n", flush=True)
    return found


SEARCH = pytest.param([*OPTUNA, "trainer.max_epochs=5"], marks=pytest.mark.full, id="optuna")


@pytest.mark.parametrize("words", [pytest.param(GRID, id="grid"), SEARCH])
def test_a_killed_sweep_goes_on(words: list[str], tmp_path: Path) -> None:
    assert len(killed(words, ["sweep"], 1, tmp_path, "b")) == 1


@pytest.mark.full
def test_a_job_that_is_killed_before_it_has_begun_keeps_its_place(tmp_path: Path) -> None:
    whole, sweep = Sweep(tmp_path / "whole", GRID), Sweep(tmp_path / "again", [*GRID, *PROCESS])
    assert whole.end() == 0
    faults = [*kill_often(sweep, ["job"], 1, 0.3, Random(0)), *wrong(sweep, whole)]
    assert (len(sweep.kills), faults) == (1, [])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties processes together")
def test_the_jobs_of_a_killed_sweep_end_with_it(tmp_path: Path) -> None:
    sweep = Sweep(tmp_path, [*PROCESS, "optimizer=adam,sgd", "trainer.max_epochs=100000"])
    process = sweep.start()
    last = "outputs/sweep/s/*/checkpoints/last.ckpt"
    train = wait_for(lambda: len(list(tmp_path.glob(last))) == 2, 60)
    sweep.kill_itself(process.pid)
    assert train
    assert (len(sweep.left), sweep.orphans()) == (2, [])
    assert [status(job)["status"] for job in sorted(tmp_path.glob("outputs/sweep/s/0*"))] == ["stopped"] * 2


@pytest.mark.full
@pytest.mark.parametrize("name", SWEEPS)
def test_many_kills_of_a_sweep(name: str, tmp_path: Path) -> None:
    words, victims, kills = SWEEPS[name]
    assert len(killed(words, victims, kills, tmp_path, name)) == kills
