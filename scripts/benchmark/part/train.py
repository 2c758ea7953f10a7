"""Training: train.py beside a loop by hand, the usual way, Keras where it is installed, and the floor."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from benchmark.measure import Aim, Row, Seconds, compare, in_rotation

TREE = Path(__file__).parents[3]
PROGRAMS = TREE / "scripts" / "benchmark" / "training"
KERAS = os.environ.get("KERAS_PYTHON", sys.executable)  # one that has it, where this one must not
BACKENDS = ("tensorflow", "jax")
OURS, FLOAT32, HAND = "train.py", "train.py in float32", "by hand"  # train.py itself chooses the precision
SAME_NET, USUAL, FLOOR = "by hand, our network", "the usual way", "the floor"
SIZES = {"mlp": (60_000, 3), "cnn": (30_000, 2), "lstm": (12_000, 2)}  # rows and epochs
AIMS = {
    ("mlp", FLOAT32, HAND): Aim("≤", 1.1),
    ("mlp", USUAL, FLOAT32): Aim("≥", 3.3),
    ("mlp", "Keras", FLOAT32): Aim("≥", 0.75),
    ("cnn", "Keras", FLOAT32): Aim("≥", 0.8),
}
WITH_AMX = {("mlp", "Keras", OURS): Aim("≥", 1.0), ("cnn", "Keras", OURS): Aim("≥", 1.5)}


class Trained(NamedTuple):
    """What a training took, and its accuracy on the test split."""

    seconds: Seconds
    accuracy: float


def measure(rounds: int, quick: bool) -> Iterator[Row]:
    """The rows of one network after those of the other."""
    for network, (rows, epochs) in SIZES.items():
        with tempfile.TemporaryDirectory() as folder:
            make_images(Path(folder), 400 if quick else rows)
            yield from measure_network(rounds, Path(folder), network, 1 if quick else epochs)


def make_images(folder: Path, rows: int) -> None:
    """Images (rows, 1, 28, 28) of bytes in ten classes, each a blurred pattern under noise."""
    random = np.random.default_rng(0)
    labels = random.integers(10, size=rows)
    patterns = random.integers(256, size=(10, 1, 7, 7)).repeat(4, 2).repeat(4, 3)
    noisy = patterns[labels] + random.normal(0, 200, (rows, 1, 28, 28))
    np.save(folder / "x.npy", noisy.clip(0, 255).astype(np.uint8))
    np.save(folder / "y.npy", labels)


def measure_network(rounds: int, folder: Path, network: str, epochs: int) -> Iterator[Row]:
    """One network, trained in each way."""
    run = partial(train, folder, network, epochs)
    keras = {f"Keras on {name}": partial(run, "in_keras", backend=name) for name in backends()}
    variants: dict[str, Callable[[], Seconds]] = {
        OURS: partial(run, "ours"),
        FLOAT32: partial(run, "ours", "trainer.precision=32-true"),
        HAND: partial(run, "hand"),
        SAME_NET: partial(run, "hand_same_net"),
        USUAL: partial(run, "usual"),
        FLOOR: partial(run, "floor"),
        **keras,
    }
    pairs = [(FLOAT32, HAND), (FLOAT32, SAME_NET), (OURS, HAND), (USUAL, FLOAT32), (FLOOR, HAND)]
    pairs += [(name, against) for name in keras for against in (FLOAT32, OURS)]
    times = in_rotation(variants, rounds)
    has_amx = getattr(torch.cpu, "get_capabilities", dict)().get("amx_bf16", False)
    for name, against in pairs:
        aims = AIMS | WITH_AMX if has_amx else AIMS
        yield compare(times, name, against, network, aims.get((network, name.partition(" on ")[0], against)))


def backends() -> list[str]:
    """Those that Keras would find."""
    look = "from importlib.util import find_spec as found\n"
    look += "print(*[name for name in ('keras', 'tensorflow', 'jax') if found(name)])"
    told = subprocess.run([KERAS, "-c", look], capture_output=True, text=True).stdout.split()
    return [name for name in BACKENDS if "keras" in told and name in told]


def train(folder: Path, network: str, epochs: int, program: str, *more: str, **where: Any) -> Seconds:
    """What a training takes once its imports are done."""
    return trained(folder, network, epochs, program, *more, **where).seconds


def trained(
    folder: Path, network: str, number: int, program: str, *more: str, backend: str = "", tree: Path = TREE
) -> Trained:
    """What it takes, and what it leads to; the number is of epochs, or of a recipe's seed."""
    python = KERAS if backend else sys.executable
    words = [python, "-W", "ignore", str(PROGRAMS / f"{program}.py"), str(folder), network, str(number)]
    environment = {**os.environ, "KERAS_BACKEND": backend or "torch", "PYTHONIOENCODING": "utf-8"}
    environment |= {"PYTHONPATH": str(tree / "src"), "TREE": str(tree)}
    result = subprocess.run([*words, *more], env=environment, capture_output=True, encoding="utf-8")
    if result.returncode:
        raise RuntimeError(f"{program}: exit code {result.returncode}, {result.stderr}")
    told = json.loads(result.stdout.splitlines()[-1])
    return Trained(Seconds(told["cpu"], told["wall"]), told["accuracy"])
