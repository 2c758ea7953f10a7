"""Images of your own, sorted into folders by class."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal

import torch

from kindling.data.base import DataModule
from kindling.data.divide import require
from kindling.data.loader import Split
from kindling.data.spec import DataSpec
from kindling.error import DataError
from kindling.source.image_cache import ImageCache, ImageFile, open_images
from kindling.source.path import Location, user_path

SPLITS = ("train", "val", "test")
LOOKALIKES = (*SPLITS, "training", "valid", "validation", "dev", "testing")
LEFT_BY_WINDOWS = ("thumbs.db", "desktop.ini")
LARGEST = 4096  # pixels a side
Classes = dict[str, list[ImageFile]]  # the files of each class, both in the order of their names


class ImageFolder(DataModule):
    """A folder of images for each class: under train/, val/ and test/, or directly.

    The splits that are not there are taken off the training images; folds are of those of val as well.
    The images are decoded once, into `root`. Raises DataError over a folder or a file that is not what
    was described.
    """

    sample = "image"
    kind = "class"

    def __init__(
        self,
        path: Location,
        size: int | list[int] | None = None,
        mode: Literal["rgb", "grey"] = "rgb",
        **shared: Any,
    ) -> None:
        super().__init__(**shared)
        require("path", path, "a folder of images", path != "")
        self.path = user_path(path).resolve()
        folder = self.root.resolve() / "image_folder"
        require("root", self.root, "a folder outside data.path", not folder.is_relative_to(self.path))
        self.sides = read_size(size)
        self.found = find_images(self.path)
        self.cache = ImageCache(folder, self.path, self._files(), mode, self.sides)
        names = tuple(self.found["train"])
        self.spec = DataSpec(self.cache.shape, "class", len(names), class_names=names)
        self.content = ""  # the sha256 of all files, once they are decoded

    def reading(self) -> dict[str, Any]:
        """Brought to a size where these are."""
        return {**super().reading(), "size": self.sides and list(self.sides)}

    def names(self, name: str) -> dict[str, Sequence[Any]]:
        """The files."""
        files = self._files()
        return {"file": [str(self.path / files[row].name) for row in self.splits[name].rows.tolist()]}

    def make_splits(self) -> dict[str, Split]:
        """The splits as they lie there, and those that are missing off the training images."""
        self.content = self.cache.prepare()
        number = {name: index for index, name in enumerate(self.spec.class_names)}
        labels = {
            split: [number[name] for name, files in classes.items() for _ in files]
            for split, classes in self.found.items()
        }
        path = self.cache.path
        targets = torch.tensor([label for split in labels.values() for label in split])  # (rows)
        whole = Split(open_images(path), targets, reopen=partial(open_images, path))
        rows = torch.arange(len(targets)).split([len(split) for split in labels.values()])
        found = {split: whole.only(part) for split, part in zip(labels, rows, strict=True)}
        if self.fold and "val" in found:
            found["train"] = whole.only(torch.cat([found["train"].rows, found.pop("val").rows]))
        missing = [split for split in ("val", "test") if split not in found]
        # also where none is missing: it mixes the classes, so that train_rows takes some of each
        return found | self.divide(found["train"], missing)

    def fingerprint(self) -> str:
        """From the files' content as it was decoded: reading all pixels again would take too long."""
        digest = hashlib.sha256(self.content.encode())
        for name, split in sorted(self.splits.items()):
            for numbers in (split.rows, split.targets[split.rows]):
                digest.update(name.encode() + numbers.numpy().tobytes())
        return digest.hexdigest()

    def _files(self) -> list[ImageFile]:
        return [file for classes in self.found.values() for files in classes.values() for file in files]


def read_size(size: Any) -> tuple[int, int] | None:
    """Height and width from one number or two; raises ConfigError."""
    if size is None:
        return None
    sides = size if isinstance(size, list | tuple) else [size, size]
    suits = len(sides) == 2 and all(type(side) is int and 1 <= side <= LARGEST for side in sides)
    require("size", size, f"up to {LARGEST} pixels, [height,width] or null", suits)
    return sides[0], sides[1]


def find_images(path: Path) -> dict[str, Classes]:
    """The files of each class in each split that lies there; raises DataError."""
    try:
        found = find_splits(path)
    except OSError as error:
        if isinstance(error, PermissionError):
            raise
        words = f"expected a folder of images, got: {error.strerror}; correct data.path"
        raise DataError(f"{error.filename or path}: {words}") from error
    known = found["train"]
    if len(known) < 2:
        raise DataError(f"{path}: expected two classes or more, got only {next(iter(known))}; add a folder")
    for split, classes in found.items():
        for name in classes:
            if name not in known:
                expected = f"expected a class that train has ({', '.join(list(known)[:5])}, …)"
                raise DataError(f"{path / split / name}: {expected}, got {name}; rename it or move it away")
    return found


def find_splits(path: Path) -> dict[str, Classes]:
    """Each split that has a folder; folders of classes without one are all for training."""
    folders = [entry.name for entry in entries(path) if entry.is_dir()]
    named = [name for name in SPLITS if name in folders]
    for name in folders:
        if name not in SPLITS and (named or name.lower() in LOOKALIKES):
            words = "expected train, val and test alone, or a folder for each class"
            raise DataError(f"{path / name}: {words}, got {name}; rename it or move it away")
    if named and "train" not in named:
        got = ", ".join(named)
        raise DataError(f"{path}: expected a folder train beside {got}, got none; add it or rename {got}")
    found = {name: find_classes(path / name, f"{name}/") for name in named}
    return found or {"train": find_classes(path, "")}


def find_classes(folder: Path, prefix: str) -> Classes:
    """The files of each class; raises DataError over a class without any, and over files between them."""
    found = {}
    for entry in entries(folder):
        if not entry.is_dir():
            raise DataError(
                f"{entry.path}: expected only folders in {folder}, one for each class, got a file; "
                "move it into the folder of its class or away"
            )
        found[entry.name] = list(walk(Path(entry.path), f"{prefix}{entry.name}"))
        if not found[entry.name]:
            raise DataError(f"{entry.path}: expected images of a class, got none; add some or remove it")
    if not found:
        raise DataError(f"{folder}: expected a folder of images for each class, got none; correct data.path")
    return found


def walk(folder: Path, name: str) -> Iterator[ImageFile]:
    """Every file in a folder and in the folders below it, in the order of their names."""
    for entry in entries(folder):
        if entry.is_dir():
            yield from walk(Path(entry.path), f"{name}/{entry.name}")
        elif entry.is_file():
            facts = entry.stat()
            yield ImageFile(f"{name}/{entry.name}", facts.st_size, facts.st_mtime_ns)
        else:  # reading a pipe would wait for good
            raise DataError(f"{entry.path}: expected an image, got no file or a dead link; move it away")


def entries(folder: Path) -> list[os.DirEntry[str]]:
    """What lies in a folder, in the order of names, without what an operating system left there."""
    with os.scandir(folder) as found:
        visible = [entry for entry in found if not entry.name.startswith(".")]
    visible = [entry for entry in visible if entry.name.lower() not in LEFT_BY_WINDOWS]
    return sorted(visible, key=lambda entry: entry.name)
