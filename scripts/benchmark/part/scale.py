"""How a run's time and memory grow with its rows, epochs and parameters, and what MNIST's size takes."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

from benchmark.command import MB, imported, memory, peak_of, seconds, taken
from benchmark.made_up import make_arrays, make_table
from benchmark.measure import Aim, Row, compare, in_rotation, ratios
from benchmark.part.startup import TRAIN

ROWS, EPOCHS = 10_000, 10
FEATURES = 64
HIDDEN = {"1 million": "[1000,920]", "10 million": "[3200,3035]"}  # parameters in all
MNIST = (70_000, 784)
MOST = 250  # MB
ONE = "1 time"
# all that a run has by default: loggers, checkpoints, progress, the record; but no early end
WORDS = [str(TRAIN), "trainer=cpu", "callback.early_stopping.patience=1000000"]


def measure(rounds: int, quick: bool) -> Iterator[Row]:
    """One row after the other."""
    with tempfile.TemporaryDirectory() as folder:
        yield from measure_length(rounds, Path(folder), *((60, 1) if quick else (ROWS, EPOCHS)))
        yield from measure_parameters(rounds, Path(folder), 600 if quick else 6_400)
        yield measure_mnist(rounds, Path(folder), *((700, 16) if quick else MNIST))


def measure_length(rounds: int, folder: Path, rows: int, epochs: int) -> Iterator[Row]:
    """Runs on a table, and on ten times as many rows, and for ten times as many epochs."""
    few, many = (make_table(folder / f"{count}.csv", count) for count in (rows, 10 * rows))
    common = [*WORDS, "data=csv", "data.target=target", "model.hidden=[128,64]"]
    lengths = {
        ONE: (few, epochs),
        "10 times the rows": (many, epochs),
        "10 times the epochs": (few, 10 * epochs),
    }
    variants = {
        name: partial(taken, folder, [*common, f"data.path={path}", f"trainer.max_epochs={count}"])
        for name, (path, count) in lengths.items()
    }
    found = in_rotation(variants, rounds)
    _, rows_grown, epochs_grown = variants
    for name in (rows_grown, epochs_grown):
        yield compare(seconds(found), name, ONE, "time of a run", Aim("≤", 10))
    yield memory(found, rows_grown, ONE, "memory of a run", "≤ 10", lambda large, small: large <= 10 * small)
    aim = "5 MB more at most"
    yield memory(found, epochs_grown, ONE, "memory of a run", aim, lambda large, small: large - small <= 5)


def measure_parameters(rounds: int, folder: Path, rows: int) -> Iterator[Row]:
    """Runs of a network, and of one with ten times as many parameters."""
    data = make_arrays(folder, rows, FEATURES)
    common = [*WORDS, *data, "data.batch_size=128", "trainer.max_epochs=4"]
    variants = {
        f"{count} parameters": partial(taken, folder, [*common, f"model.hidden={hidden}"])
        for count, hidden in HIDDEN.items()
    }
    found = in_rotation(variants, rounds)
    small, large = variants
    yield compare(seconds(found), large, small, "time of a run", Aim("≤", 10))
    more = median(one.peak for one in found[large]) - median(one.peak for one in found[small])
    row = memory(found, large, small, "memory of a run", "≤ 10", lambda top, bottom: top <= 10 * bottom)
    yield replace(row, medians=f"{row.medians}, {more / 9e6:.3g} bytes each")


def measure_mnist(rounds: int, folder: Path, rows: int, pixels: int) -> Row:
    """All pages that a run has in memory, above those of a process that has imported torch and Lightning.

    Pages of the images' file count as well, so nothing is taken off for the images.
    """
    data = [*make_arrays(folder, rows, pixels), "data.in_memory=true", "data.batch_size=128"]
    words = [str(TRAIN), "trainer=cpu", *data, "model.hidden=[512,256]", "trainer.max_epochs=2"]
    variants = {"imports": imported, "run": partial(peak_of, folder, words)}
    found = in_rotation(variants, rounds)
    pairs = list(zip(found["run"], found["imports"], strict=True))
    resident = [(run.resident - start.resident) / MB for run, start in pairs]
    each = ratios(resident, [MOST] * rounds)
    own = median((run.anonymous - start.anonymous) / MB for run, start in pairs)
    return Row(
        f"memory above imports, {rows:,} × {pixels} bytes of images",
        f"{MOST} MB",
        median(each),
        min(each),
        max(each),
        "≤ 1",
        median(each) <= 1,
        medians=f"{median(resident):.0f} MB with the images, {own:.0f} MB of no file",
        rounds={name: [one._asdict() for one in many] for name, many in found.items()},
    )
