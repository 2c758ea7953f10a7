"""Small files in place of those that a data set downloads or that its user brings."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hydra.utils import get_class
from omegaconf import OmegaConf
from PIL import Image

from kindling.data import cifar10, mnist
from tests.conftest import CONF

Words = list[str]


def csv(folder: Path) -> Words:
    rows = [f"{row % 17},{'red' if row % 3 else 'blue'},{int(row % 17 > 8)}" for row in range(100)]
    (folder / "table.csv").write_text("\n".join(["size,colour,good", *rows]))
    return [f"data.path={folder}/table.csv", "data.target=good"]


def timeseries(folder: Path) -> Words:
    (folder / "series.csv").write_text("\n".join(["sales", *(str(row % 12) for row in range(100))]))
    return [f"data.path={folder}/series.csv", "data.column=sales"]


def npy(folder: Path) -> Words:
    np.save(folder / "x.npy", np.random.default_rng(0).random((100, 5)))
    np.save(folder / "y.npy", np.arange(100) % 3)
    return [f"data.path={folder}/x.npy", f"data.target_path={folder}/y.npy"]


def image_folder(folder: Path) -> Words:
    for number in range(40):
        path = folder / "photos" / ("cat" if number % 2 else "dog") / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (5 * number, 100, 100)).save(path)
    return [f"data.path={folder}/photos", f"data.root={folder}/cache"]


def downloaded(folder: Path, name: str, files: dict[str, bytes]) -> Words:
    """A full cache: files, each beside its checksum."""
    cache = folder / "cache" / name
    cache.mkdir(parents=True, exist_ok=True)
    for file, content in files.items():
        (cache / file).write_bytes(content)
        (cache / f"{file}.sha256").write_text(hashlib.sha256(content).hexdigest())
    return [f"data.root={folder}/cache", "data.mirror=/nothing/there"]


def idx(folder: Path, name: str) -> Words:
    files = {}
    for part, rows in (("train", 100), ("t10k", 20)):
        shapes = {"images-idx3": (rows, 28, 28), "labels-idx1": (rows,)}
        for kind, shape in shapes.items():
            header = bytes([0, 0, 8, len(shape)]) + b"".join(side.to_bytes(4, "big") for side in shape)
            labels = np.arange(rows, dtype=np.uint8) % 10
            content = labels if len(shape) == 1 else np.broadcast_to(labels[:, None, None], shape)
            files[f"{part}-{kind}-ubyte"] = header + content.tobytes()
    return downloaded(folder, name, files)


def cifar(folder: Path) -> Words:
    rows = b"".join(bytes([row % 10, *[row % 256] * (cifar10.ROW - 1)]) for row in range(20))
    return downloaded(folder, "cifar10", dict.fromkeys(cifar10.BATCHES, rows))


MNIST = ["experiment/mnist", "experiment/mnist_cnn", "experiment/mnist_fast", "experiment/mnist_cnn_fast"]
STAND_INS: dict[str, Callable[[Path], Words]] = {
    "data/csv": csv,
    "data/timeseries": timeseries,
    "data/npy": npy,
    "data/image_folder": image_folder,
    "data/mnist": lambda folder: idx(folder, "mnist"),
    "data/fashion_mnist": lambda folder: idx(folder, "fashion_mnist"),
    "data/cifar10": cifar,
    **{option: lambda folder: idx(folder, "mnist") for option in MNIST},
    "experiment/cifar10_fast": cifar,
    "task/auto": lambda folder: ["data=csv", *csv(folder)],
    "task/binary": lambda folder: ["data=csv", *csv(folder)],
}


def unpublish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else only the official files would do."""
    unpublished = replace(mnist.SETS["mnist"], archives=mnist.SETS["fashion_mnist"].archives)
    monkeypatch.setitem(mnist.SETS, "mnist", unpublished)


PATCHES: list[Callable[[pytest.MonkeyPatch], None]] = [unpublish]


def stand_in(option: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Words:
    """The words that an option can't go without, with files for them in the folder."""
    for patch in PATCHES:
        patch(monkeypatch)
    if option.startswith("task/") and is_real(option.removeprefix("task/")):
        return ["data=timeseries", *timeseries(folder)]
    return STAND_INS[option](folder) if option in STAND_INS else []


def is_real(task: str) -> bool:
    """Whether it predicts numbers."""
    target: str = OmegaConf.load(CONF / "task" / f"{task}.yaml").get("_target_", "")
    return bool(target) and get_class(target).kind == "real"
