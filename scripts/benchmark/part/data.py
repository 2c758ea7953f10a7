"""How fast batches come, with and without augmentation, and what an image folder takes."""

import io
import random
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from benchmark import per_sample
from benchmark.image_folder import ImageFolder, Taken, make_folder, one_epoch
from benchmark.measure import Aim, Row, compare, in_rotation, ratios, take_time
from benchmark.memory import alone
from kindling.augmentation.affine import Affine
from kindling.augmentation.crop_flip import CropFlip
from kindling.data.loader import BatchOrder, MemoryLoader, Split
from kindling.data.normalize import Normalize
from kindling.data.spec import DataSpec
from kindling.model.mlp import MLP

BATCH = 128
MB = 2**20
OURS = "our loader"


def measure(rounds: int, quick: bool) -> Iterator[Row]:
    """One row after the other."""
    random.seed(0)
    torch.manual_seed(0)
    keep_memory()
    yield from measure_training(rounds, rows=1_000 if quick else 30_000)
    yield from measure_augmentation(rounds, rows=300 if quick else 4_000)
    side, few = (8, 40) if quick else (128, 500)
    with tempfile.TemporaryDirectory() as folder:
        yield from measure_folder(rounds, Path(folder), few, side)


def measure_training(rounds: int, rows: int) -> Iterator[Row]:
    """An epoch of an MLP on bytes in the shape of half of MNIST, fed in three ways."""
    split = Split(torch.randint(256, (rows, 1, 28, 28), dtype=torch.uint8), torch.randint(10, (rows,)))
    ours = MemoryLoader(split, BatchOrder(rows, BATCH, shuffle=True, seed=0))
    theirs = DataLoader(TensorDataset(split.inputs, split.targets), BATCH, shuffle=True)
    train = trainer()
    ready = [split[:BATCH]] * len(ours)
    ways = {OURS: ours, "a fixed batch": ready, "DataLoader(TensorDataset)": theirs}
    times = take_time({name: partial(train, batches) for name, batches in ways.items()}, rounds)
    yield compare(times, OURS, "a fixed batch", "training an MLP", Aim("≤", 1.05))
    yield compare(times, "DataLoader(TensorDataset)", OURS, "training an MLP")


def trainer() -> Callable[[Iterable[Any]], None]:
    """Steps of one MLP, on as many batches as come, which it normalises itself.

    Its rate is 0: what is learned, which one batch is sooner than many, would change what steps cost.
    """
    net = nn.Sequential(normalization((1, 1, 1)), MLP((1, 28, 28), 10, [512, 256]))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.0, fused=True)

    def train(batches: Iterable[Any]) -> None:
        for inputs, targets in batches:
            optimizer.zero_grad()
            F.cross_entropy(net(inputs), targets).backward()
            optimizer.step()

    return train


def normalization(shape: tuple[int, ...]) -> Normalize:
    """Bytes to numbers around 0."""
    normalize = Normalize(shape)
    normalize.adopt(torch.full(shape, 127.5), torch.full(shape, 63.75))
    return normalize


def measure_augmentation(rounds: int, rows: int) -> Iterator[Row]:
    """An epoch of changed and normalised images in the shape of CIFAR-10, without a network."""
    spec = DataSpec((3, 32, 32), "class", 10)
    split = Split(torch.randint(256, (rows, 3, 32, 32), dtype=torch.uint8), torch.randint(10, (rows,)))
    images = split.inputs.permute(0, 2, 3, 1).contiguous().numpy()  # (rows, height, width, channels)
    ours = MemoryLoader(split, BatchOrder(rows, BATCH, shuffle=True, seed=0))
    for name, augmentation, change in (
        ("affine", Affine(spec, flip=0.5, fill="zeros"), per_sample.affine),
        ("crop_flip", CropFlip(spec, fill="zeros"), per_sample.crop_flip),
    ):
        change_batch = nn.Sequential(augmentation, normalization((3, 1, 1)))
        variants: dict[str, Callable[[], object]] = {
            OURS: lambda change=change_batch: exhaust(change(inputs) for inputs, _ in ours)
        }
        for way in per_sample.WAYS:
            samples = per_sample.PerSample(images, split.targets.tolist(), change, way)
            theirs = DataLoader(samples, BATCH, shuffle=True)
            variants[f"{way} Pillow"] = lambda theirs=theirs: exhaust(iter(theirs))
        times = take_time(variants, rounds)
        yield compare(times, "usual Pillow", OURS, f"loading with {name}", Aim("≥", 10))
        yield compare(times, "lean Pillow", OURS, f"loading with {name}")


def keep_memory() -> None:
    """Have the C library keep what is freed, as the first large activations of a network do."""
    torch.ones(30 * MB, dtype=torch.uint8)


def exhaust(items: Iterator[object]) -> None:
    """Go through all of them."""
    for _ in items:
        pass


def measure_folder(rounds: int, folder: Path, few: int, side: int) -> Iterator[Row]:
    """Memory and first starts of an image folder, and of one with ten times as many images."""
    small = make_folder(folder / "small", few, side)
    large = make_folder(folder / "large", few * 10, side)
    for in_memory in (True, False):
        yield grow(rounds, folder, small, large, in_memory)
    yield start_twice(rounds, folder, large)


def grow(rounds: int, folder: Path, small: Path, large: Path, in_memory: bool) -> Row:
    """The peaks of memory of the first epoch of both folders, their images decoded anew each time."""

    def first_epoch(path: Path) -> Taken:
        with tempfile.TemporaryDirectory(dir=folder) as root:
            return alone(one_epoch, path, Path(root), in_memory)

    variants = {path.name: partial(first_epoch, path) for path in (small, large)}
    taken = in_rotation(variants, rounds)
    each = ratios(*([one.peak for one in taken[name]] for name in ("large", "small")))
    peaks = [median(one.peak for one in taken[name]) / MB for name in ("large", "small")]
    caches = [taken[name][0].cache / MB for name in ("large", "small")]
    how = "true" if in_memory else "false"
    return Row(
        f"peak memory, in_memory={how}: 10 times the images",
        "1 time",
        median(each),
        min(each),
        max(each),
        "≤ 1.2, or 10 MB more",
        median(each) <= 1.2 or peaks[0] - peaks[1] <= 10,
        medians=f"{peaks[0]:.1f} ÷ {peaks[1]:.1f} MB (caches {caches[0]:.0f} ÷ {caches[1]:.0f} MB)",
        rounds={name: [one._asdict() for one in many] for name, many in taken.items()},
    )


def start_twice(rounds: int, folder: Path, path: Path) -> Row:
    """A start that decodes the images, and one that finds them decoded."""
    roots = iter([Path(tempfile.mkdtemp(dir=folder)) for _ in range(rounds + 1)])
    root = folder

    def start(fresh: bool) -> None:
        nonlocal root
        root = next(roots) if fresh else root
        with redirect_stdout(io.StringIO()):
            ImageFolder(str(path), root=str(root)).setup()

    variants = {"first": partial(start, True), "second": partial(start, False)}
    return compare(take_time(variants, rounds), "first", "second", "start of an image folder")
