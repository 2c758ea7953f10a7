"""How fast a trained run predicts, beside its bare network and beside torch's own start."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

import kindling
from benchmark.command import memory, seconds, taken
from benchmark.made_up import COLUMNS, make_arrays, make_table
from benchmark.measure import Aim, Row, compare, in_rotation, take_time
from benchmark.part.startup import AGAINST, TRAIN, run
from benchmark.part.startup import taken as started
from kindling.predictor import Predictor

PREDICT = TRAIN.parent / "scripts" / "predict.py"
IMAGE = (3, 32, 32)
TOGETHER = {"MLP": 1024, "CNN": 128}  # rows that the bare network is fastest with
BARE = "the bare network"
ARRAY, LIST = "predict(array)", "predict(list)"
Work = Callable[[], object]


def measure(rounds: int, quick: bool) -> Iterator[Row]:
    """One row after the other."""
    torch.manual_seed(0)
    few, many, images, calls = (20, 200, 8, 2) if quick else (10_000, 100_000, 1_024, 500)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        tables = [make_table(place / f"{count}.csv", count, target=False) for count in (few, many)]
        mlp, cnn = train(place)
        yield from measure_calls(rounds, mlp, cnn, calls, few, images)
        yield measure_table(rounds, mlp, tables[1], many)
        yield from measure_command(rounds, place, *tables, many - few)


def train(folder: Path) -> tuple[Predictor, Predictor]:
    """A small run on a table, and one on images."""
    table = make_table(folder / "table.csv", 1_000)
    common = ["trainer=cpu", "trainer.max_epochs=2"]
    learned = {
        "mlp": ["data=csv", f"data.path={table}", "data.target=target", "model.hidden=[128,64]"],
        "cnn": ["model=cnn", *make_arrays(folder, 200, *IMAGE)],
    }
    for name, words in learned.items():
        run(folder, str(TRAIN), *common, *words, f"hydra.run.dir={folder / name}")
    mlp, cnn = (kindling.load(folder / name, device="cpu") for name in learned)
    return mlp, cnn


def measure_calls(
    rounds: int, mlp: Predictor, cnn: Predictor, calls: int, rows: int, images: int
) -> Iterator[Row]:
    """Calls with one row, which show what each call costs, and with many."""
    for name, found, count, aims in (
        ("MLP", mlp, rows, (Aim("≤", 3), Aim("≤", 2))),
        ("CNN", cnn, images, (Aim("≤", 1.5), Aim("≤", 1.1))),
    ):
        raw = torch.randint(256, (count, *found.spec.input_shape)).numpy()
        raw = raw.astype(np.uint8 if name == "CNN" else np.float32)
        ready = found.module.normalize(torch.from_numpy(raw))
        variants = {
            ARRAY: repeated(calls, found.predict, raw[:1]),
            BARE: repeated(calls, bare(found), [ready[:1]]),
        }
        if name == "MLP":  # a table, whose rows come as Python has them too
            variants[LIST] = repeated(calls, found.predict, raw[:1].tolist())
        times = take_time(variants, rounds)
        title = f"{name}, {calls} times one row"
        yield compare(times, ARRAY, BARE, title, aims[0])
        if LIST in times:
            yield compare(times, LIST, BARE, title)
        whole = {
            ARRAY: repeated(1, found.predict, raw),
            BARE: repeated(1, bare(found), ready.split(TOGETHER[name])),
        }
        yield compare(take_time(whole, rounds), ARRAY, BARE, f"{name}, {count:,} rows", aims[1])


def repeated(calls: int, work: Callable[..., object], *arguments: Any) -> Work:
    """The same call many times, as one takes too little time to be seen."""

    def repeat() -> None:
        for _ in range(calls):
            work(*arguments)

    return repeat


def bare(found: Predictor) -> Callable[[Sequence[Tensor]], list[Tensor]]:
    """The network alone, on batches that are normalised already."""
    net = found.module.net

    def through(batches: Sequence[Tensor]) -> list[Tensor]:
        with torch.inference_mode():
            return [net(batch) for batch in batches]

    return through


def measure_table(rounds: int, found: Predictor, path: Path, rows: int) -> Row:
    """The classes of all rows of a CSV file, and the same by a few lines of one's own."""
    times = take_time(
        {"predict_classes": partial(found.predict_classes, path), "by hand": partial(by_hand, found, path)},
        rounds,
    )
    return compare(times, "predict_classes", "by hand", f"{rows:,} rows of CSV", Aim("≤", 2))


def by_hand(found: Predictor, path: Path) -> NDArray[np.str_]:
    """What one writes who knows that the file holds numbers alone, and that it fits into memory."""
    rows = torch.from_numpy(np.loadtxt(path, np.float32, delimiter=",", skiprows=1))
    inputs = (rows - found.module.normalize.shift) / found.module.normalize.scale
    likeliest = torch.cat([output.argmax(1) for output in bare(found)(inputs.split(TOGETHER["MLP"]))])
    names: NDArray[np.str_] = np.array(found.classes)[likeliest]
    return names


def measure_command(rounds: int, folder: Path, few: Path, many: Path, more: int) -> Iterator[Row]:
    """From the command line to its end; then without its imports, how it grows with the rows."""
    words = [str(PREDICT), "--run", str(folder / "mlp"), "--device", "cpu", "--input"]
    start = {
        "predict.py": partial(run, folder, *words, str(few), "--output", "-"),
        AGAINST: partial(run, folder, "-c", AGAINST),
    }
    title = f"{few.stem} rows until the end"
    yield compare(started(start, rounds), "predict.py", AGAINST, title, Aim("≤", 4))
    output = ["--output", str(folder / "predicted.csv"), "--force"]
    variants = {
        f"{path.stem} rows": partial(taken, folder, [*words, str(path), *output]) for path in (few, many)
    }
    found = in_rotation(variants, rounds)
    small, large = variants
    row = compare(seconds(found), large, small, "predict.py without imports", Aim("≤", 10))
    times = [median(one.seconds.cpu for one in found[name]) for name in (large, small)]
    each = f"{(times[0] - times[1]) / more * 1e6:.3g} µs a row of {COLUMNS} numbers"
    yield replace(row, medians=f"{row.medians}, {each}")
    aim = "10 MB more at most"
    title = "memory of predict.py"
    yield memory(found, large, small, title, aim, lambda top, bottom: top - bottom <= 10)
