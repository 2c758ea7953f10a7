"""Images: files of any format, and folders of them."""

import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby, islice
from os import PathLike
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from kindling.data.image_folder import entries
from kindling.error import DataError
from kindling.predict import array
from kindling.source.decode import decode
from kindling.source.image_cache import THREADS
from kindling.source.path import user_path
from kindling.source.text import STANDARD_INPUT


class Reader(array.Reader):
    """Brings each image to the training's colours, and to its size where that resized its own."""

    def files(self, paths: Sequence[str | PathLike[str]]) -> Iterator[array.Batch]:
        """Images of files and folders, several folders deep, in the order of their names; or arrays."""
        found = [one if isinstance(one, Path) else user_path(str(one)) for one in paths]
        for is_array, group in groupby(found, lambda path: path.suffix == ".npy"):
            some = list(group)
            yield from super().files(some) if is_array else self._images(some)

    def _images(self, paths: Sequence[Path]) -> Iterator[array.Batch]:
        files = (file for path in paths for file in walk(path))
        count = 0
        with ThreadPoolExecutor(THREADS) as pool:
            while some := list(islice(files, self.batch_size)):
                with warnings.catch_warnings(action="ignore"):
                    images = list(pool.map(self._decode, some))
                yield array.Batch({"file": list(map(str, some))}, torch.from_numpy(np.stack(images)))
                count += len(some)
        if not count:
            raise DataError("input: expected images, got none in the folder; name another")

    def _decode(self, path: Path) -> NDArray[np.uint8] | NDArray[np.float32]:
        size, white = self.reading.get("size"), self.reading.get("white")
        pixels, _ = decode(path, self.reading["mode"], tuple(size) if size else None)
        if pixels.shape != tuple(self.spec.input_shape):
            expected, got = ("×".join(map(str, shape[1:])) for shape in (self.spec.input_shape, pixels.shape))
            raise DataError(f"{path}: expected height × width {expected}, got {got}; resize it")
        return pixels if white is None else pixels.astype(np.float32) * (white / 255)


def walk(path: Path) -> Iterator[Path]:
    """A file, or all files in a folder and in those below it; raises DataError."""
    if path is STANDARD_INPUT:
        raise DataError(f"{path}: expected images by their files or folders; name them")
    if path.is_dir():
        for entry in entries(path):
            yield from walk(Path(entry.path))
    elif path.is_file():
        yield path
    else:  # reading a pipe would wait for good
        raise DataError(f"{path}: expected an image, got no file or a dead link; name another")
