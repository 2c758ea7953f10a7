"""A sweep in one process beside as many loops written by hand; and two jobs at a time beside one."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmark.measure import Aim, Row, Seconds, compare, in_rotation
from benchmark.part.startup import TRAIN, run, taken

BY_HAND = Path(__file__).parents[1] / "by_hand.py"
EPOCHS, RUNS = 20, 16
LONG = 1200  # epochs of a job that takes more than half a minute
SIZES = ["data=digits", "model=mlp", "model.hidden=[128,64]", "callback=[]", "trainer=cpu"]


def measure(rounds: int, quick: bool) -> Iterator[Row]:
    """One row after the other."""
    runs, epochs, long = (2, 1, 1) if quick else (RUNS, EPOCHS, LONG)
    with tempfile.TemporaryDirectory() as folder:
        start = partial(sweep, Path(folder))
        small = [f"seed=range({runs})", f"trainer.max_epochs={epochs}"]
        variants = {
            "by hand": partial(run, Path(folder), str(BY_HAND), str(runs), str(epochs)),
            "-m": partial(start, *small),
            "-m logger=[]": partial(start, *small, "logger=[]"),
        }
        times = taken(variants, rounds)
        for name, aim in (("-m", Aim("≤", 2.0)), ("-m logger=[]", None)):
            yield compare(times, name, "by hand", f"{runs} runs of {epochs} epochs", aim)
        two = ["seed=0,1", f"trainer.max_epochs={long}", "launcher=process"]
        variants = {words: partial(start, *two, words) for words in ("launcher.jobs=1", "launcher.jobs=2")}
        first, second = variants
        walls = {
            name: [Seconds(one.wall, one.wall) for one in found]
            for name, found in in_rotation(variants, min(rounds, 2)).items()
        }
        yield compare(walls, first, second, f"by wall, 2 jobs of {long} epochs", Aim("≥", 1.6))


def sweep(folder: Path, *words: str) -> Seconds:
    """A sweep from its start, in a place that no earlier one had."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        return run(Path(place), str(TRAIN), "-m", *SIZES, *words)
