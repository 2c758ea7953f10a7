"""A sweep in one process beside as many loops written by hand; and two jobs at a time beside one."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmark.measure import Aim, Row, Seconds, compare
from benchmark.part.startup import TRAIN, run, taken

BY_HAND = Path(__file__).parents[1] / "by_hand.py"
EPOCHS, RUNS = 20, 16
LONG = 400  # epochs of a job that takes half a minute or more


def measure(rounds: int, quick: bool) -> Iterator[Row]:
    """One row after the other."""
    runs, epochs, long = (2, 1, 1) if quick else (RUNS, EPOCHS, LONG)
    sizes = ["data=digits", "model=mlp", "model.hidden=[128,64]", "callback=[]"]
    small = [*sizes, f"seed=range({runs})", f"trainer.max_epochs={epochs}"]
    with tempfile.TemporaryDirectory() as folder:
        variants = {
            "by hand": partial(run, Path(folder), str(BY_HAND), str(runs), str(epochs)),
            "-m": partial(sweep, Path(folder), *small),
            "-m logger=[]": partial(sweep, Path(folder), *small, "logger=[]"),
        }
        times = taken(variants, rounds)
        for name, aim in (("-m", Aim("≤", 2.0)), ("-m logger=[]", None)):
            yield compare(times, name, "by hand", f"{runs} runs of {epochs} epochs", aim)
        jobs = [*sizes, "seed=range(4)", f"trainer.max_epochs={long}", "launcher=process"]
        two = {
            f"launcher.jobs={n}": partial(sweep, Path(folder), *jobs, f"launcher.jobs={n}") for n in (1, 2)
        }
        times = {name: [by_wall(one) for one in found] for name, found in taken(two, min(rounds, 2)).items()}
        first, second = times
        yield compare(times, first, second, f"by wall, 4 jobs of {long} epochs", Aim("≥", 1.6))


def sweep(folder: Path, *words: str) -> Seconds:
    """A sweep from its start, in a place that no earlier one had."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        return run(Path(place), str(TRAIN), "-m", *words)


def by_wall(one: Seconds) -> Seconds:
    """Where the clock on the wall is what counts."""
    return Seconds(one.wall, one.wall)
