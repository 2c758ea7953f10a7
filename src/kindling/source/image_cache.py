"""Images decoded once, kept as one array on disk, and read from there a batch at a time."""

import hashlib
import json
import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from math import prod
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from filelock import FileLock
from numpy.lib import format as npy
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from kindling.error import DataError
from kindling.source.decode import MODES, decode
from kindling.source.whole import written_whole

log = logging.getLogger(__name__)
PART = 2**22  # bytes of decoded images that wait to be written, or two images a thread
THREADS = min(8, os.cpu_count() or 1)  # each holds one image at its full size


class ImageFile(NamedTuple):
    """A file as a listing shows it: another length or time means another content."""

    name: str  # below the folder of the set, with slashes
    length: int  # bytes
    modified: int  # nanoseconds


class ImageCache:
    """The images of one folder as an array (rows, channels, height, width) of bytes.

    The first start decodes them; later ones open the array, as long as the files have the same names,
    lengths and times. Without `size` all images must be as large as the first.
    """

    def __init__(
        self, folder: Path, source: Path, files: Sequence[ImageFile], mode: str, size: tuple[int, int] | None
    ) -> None:
        self.folder = folder
        self.source = source
        self.files = files
        self.mode = mode
        self.size = size
        self.key = sha256_of(str(source), mode, size)[:16]
        self.path = folder / f"{self.key}-{sha256_of(*files)[:16]}.npy"
        if size is None:
            with warnings.catch_warnings(action="ignore"):
                size = decode(source / files[0].name, mode, None)[0].shape[1:]
        self.shape = (len(MODES[mode]), *size)

    def prepare(self) -> str:
        """Have the array on disk, and return a sha256 of the content of all files; raises DataError."""
        content = self._read()
        if content is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / f"{self.key}.lock"):  # another process may be building it
                return self._read() or self._build()
        return content

    def _read(self) -> str | None:
        """The sha256 that a whole cache holds; None where it is missing or damaged."""
        try:
            facts = json.loads(self.path.with_suffix(".json").read_text(encoding="utf-8"))
            content, written = str(facts["sha256"]), facts["written"]
            images = npy.open_memmap(self.path, mode="c")
        except (OSError, ValueError, LookupError, TypeError):
            return None
        found = self.path.stat()
        if images.shape != (len(self.files), *self.shape) or [found.st_size, found.st_mtime_ns] != written:
            return None  # cut off, or changed by somebody
        log.info("read %d decoded images from %s", len(self.files), self.path)
        return content

    def _build(self) -> str:
        self._remove(f".{self.key}-*.[0-9]*")  # what killed builds left
        print(f"decoding {len(self.files):,} images, once for all runs", flush=True)
        content = hashlib.sha256(repr((self.shape, self.mode)).encode())
        # written like any file: where a mapped one doesn't fit on the disk, the process is killed
        with written_whole(self.path) as file:
            shape = (len(self.files), *self.shape)
            npy.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})
            for pixels, digest in self._decode_all():
                file.write(pixels.data)
                content.update(digest)
        names, found = [file.name for file in self.files], self.path.stat()
        written = [found.st_size, found.st_mtime_ns]
        settings = {"source": str(self.source), "size": self.size, "mode": self.mode, "shape": self.shape}
        with written_whole(self.path.with_suffix(".json")) as file:
            file.write(
                json.dumps(
                    {**settings, "written": written, "sha256": content.hexdigest(), "names": names}
                ).encode()
            )
        self._remove(f"{self.key}-*")
        log.info("decoded %d images into %s", len(self.files), self.path)
        return content.hexdigest()

    def _decode_all(self) -> Iterator[tuple[NDArray[np.uint8], bytes]]:
        step = max(2 * THREADS, PART // prod(self.shape))
        bar = tqdm(total=len(self.files), desc="decoding", unit=" images", leave=False, disable=None)
        with warnings.catch_warnings(action="ignore"), ThreadPoolExecutor(THREADS) as pool, bar:
            for start in range(0, len(self.files), step):
                for decoded in pool.map(self._decode, self.files[start : start + step]):
                    yield decoded
                    bar.update()

    def _decode(self, file: ImageFile) -> tuple[NDArray[np.uint8], bytes]:
        path = self.source / file.name
        pixels, digest = decode(path, self.mode, self.size)
        if pixels.shape != self.shape:
            (height, width), (got_height, got_width) = self.shape[1:], pixels.shape[1:]
            raise DataError(
                f"{path}: expected height × width {height}×{width} as in {self.source / self.files[0].name}, "
                f"got {got_height}×{got_width}; set data.size=[{height},{width}] to resize all images"
            )
        return pixels, digest

    def _remove(self, pattern: str) -> None:
        """Remove what older builds of the same set left, but not the cache of today."""
        for path in self.folder.glob(pattern):
            if path.stem != self.path.stem:
                with suppress(OSError):  # Windows keeps what another process has open
                    path.unlink()


def open_images(path: Path) -> Tensor:
    """An array on disk as a tensor (rows, channels, height, width): what is not indexed is not read."""
    return torch.from_numpy(npy.open_memmap(path, mode="c"))


def sha256_of(*values: object) -> str:
    """The sha256 of plain values."""
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()
