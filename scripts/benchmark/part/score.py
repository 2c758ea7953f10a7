"""Accuracy: seconds until MNIST is learned, by train.py's fast recipes and by the Keras introductions'."""

import os
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from benchmark.measure import Aim, Row, compare
from benchmark.part.train import Trained, backends, trained
from kindling.data.mnist import MNIST
from kindling.error import MachineError

AIMED = {"mlp": 0.983, "cnn": 0.99}  # what the introductions end with
MIRROR = os.environ.get("MNIST_MIRROR")  # a folder of the official files, where they can't be fetched
OURS, KERAS = "train.py", "Keras on tensorflow"  # the faster of its backends on a CPU


def measure(rounds: int, quick: bool) -> Iterator[Row]:
    """One network after the other; raises MachineError where Keras is not installed."""
    if "tensorflow" not in backends():
        raise MachineError("score: expected Keras on TensorFlow; name a Python that has it: KERAS_PYTHON=…")
    return (row for network in AIMED for row in measure_network(1 if quick else rounds, network))


def measure_network(rounds: int, network: str) -> Iterator[Row]:
    """Both recipes, a seed a round."""
    with tempfile.TemporaryDirectory() as folder:
        save(Path(folder))
        run = partial(trained, Path(folder), network)
        ways = {OURS: partial(run, program="recipe")}
        ways[KERAS] = partial(run, program="recipe_in_keras", backend="tensorflow")
        found: dict[str, list[Trained]] = {name: [] for name in ways}
        for seed in range(rounds):
            for name, way in ways.items():
                found[name].append(way(seed))
    times = {name: [one.seconds for one in trainings] for name, trainings in found.items()}
    yield compare(times, KERAS, OURS, f"{network}, seconds to its accuracy", Aim("≥", 3.5))
    for name, trainings in found.items():
        yield accuracy(network, name, [one.accuracy for one in trainings])


def save(folder: Path) -> None:
    """MNIST where train.py finds it, and as arrays for Keras, the test images first."""
    data = MNIST("mnist", mirror=MIRROR, root=str(folder))
    data.make_splits()
    parts = [data.read("t10k"), data.read("train")]
    np.save(folder / "x.npy", np.concatenate([part.inputs.numpy() for part in parts]))
    np.save(folder / "y.npy", np.concatenate([part.targets.numpy() for part in parts]))


def accuracy(network: str, name: str, found: list[float]) -> Row:
    """What was learned beside what was aimed at."""
    aimed, middle = AIMED[network], median(found)
    told = f"{middle:.4f} ÷ {aimed:g}", {"accuracy": found}
    ratios = [one / aimed for one in (middle, min(found), max(found))]
    return Row(f"{network}, test accuracy: {name}", "aimed at", *ratios, "≥ 1", middle >= aimed, None, *told)
