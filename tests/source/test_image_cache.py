"""Images are decoded once; a cache is whole or not there, and follows the files."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest
from PIL import Image

from kindling.error import DataError
from kindling.source import image_cache
from kindling.source.decode import decode
from kindling.source.image_cache import ImageCache, ImageFile, open_images


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Twelve images of 4×6, each of one grey."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(12):
        Image.new("RGB", (6, 4), (number, number, number)).save(folder / f"{number:02}.png")
    return folder


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that are decoded from here on."""
    seen: list[Path] = []
    monkeypatch.setattr(image_cache, "decode", lambda path, *how: seen.append(path) or decode(path, *how))
    return seen


def cache_of(photos: Path, size: tuple[int, int] | None = (4, 6), mode: str = "rgb") -> ImageCache:
    stats = {path.name: path.stat() for path in sorted(photos.iterdir())}
    files = [ImageFile(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats.items()]
    return ImageCache(photos.parent / "cache", photos, files, mode, size)


def kept(cache: ImageCache) -> list[str]:
    return sorted(path.name for path in cache.folder.iterdir() if path.suffix != ".lock")


def greys(cache: ImageCache) -> list[int]:
    return open_images(cache.path)[:, 0, 0, 0].tolist()


def test_rows_keep_the_order_of_the_files_over_many_parts(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_cache, "PART", 5 * 3 * 4 * 6)
    cache = cache_of(photos)
    cache.prepare()
    assert greys(cache) == list(range(12))
    names = json.loads(cache.path.with_suffix(".json").read_text())["names"]
    assert names == [f"{number:02}.png" for number in range(12)]


def test_a_second_start_decodes_nothing(photos: Path, decoded: list[Path]) -> None:
    content = cache_of(photos).prepare()
    assert len(decoded) == 12
    assert cache_of(photos).prepare() == content
    assert len(decoded) == 12


def add(photos: Path, name: str = "99.png", time: int = 1) -> None:
    """Write an image with a time of its own, as a coarse clock may show the old one."""
    Image.new("RGB", (6, 4), (99, 99, 99)).save(photos / name)
    os.utime(photos / name, ns=(time, time))


def lengthen(photos: Path) -> None:
    time = (photos / "03.png").stat().st_mtime_ns
    (photos / "03.png").write_bytes((photos / "03.png").read_bytes() + b"more")
    os.utime(photos / "03.png", ns=(time, time))


CHANGES: dict[str, Callable[[Path], object]] = {
    "changed": lambda photos: add(photos, "03.png"),
    "longer": lengthen,
    "older": lambda photos: os.utime(photos / "03.png", ns=(1, 1)),
    "renamed": lambda photos: (photos / "03.png").rename(photos / "03b.png"),
    "added": add,
    "removed": lambda photos: (photos / "03.png").unlink(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_cache_follows_the_files(change: str, photos: Path, decoded: list[Path]) -> None:
    content, before = cache_of(photos).prepare(), len(decoded)
    CHANGES[change](photos)
    cache = cache_of(photos)
    again = cache.prepare()
    assert len(decoded) == before + len(cache.files)
    assert greys(cache) == [decode(path, "rgb", None)[0][0, 0, 0] for path in sorted(photos.iterdir())]
    assert kept(cache) == [cache.path.with_suffix(".json").name, cache.path.name], "the stale one is gone"
    assert (again == content) == (change in ("older", "renamed"))


def test_other_settings_have_a_cache_of_their_own(photos: Path) -> None:
    caches = [cache_of(photos), cache_of(photos, size=(2, 2)), cache_of(photos, mode="grey")]
    assert len({cache.prepare() for cache in caches}) == 3
    assert [tuple(open_images(cache.path).shape[1:]) for cache in caches] == [(3, 4, 6), (3, 2, 2), (1, 4, 6)]


DAMAGES: dict[str, Callable[[Path, Path], object]] = {
    "cut": lambda array, _: array.write_bytes(array.read_bytes()[:300]),
    "longer": lambda array, _: array.write_bytes(array.read_bytes() + b"more"),
    "blackened": lambda array, _: array.write_bytes(array.read_bytes()[:-90] + bytes(90)),
    "empty": lambda array, _: array.write_bytes(b""),
    "another shape": lambda array, _: np.save(array, np.zeros((12, 3, 6, 4), dtype=np.uint8)),
    "no facts": lambda _, facts: facts.unlink(),
    "cut facts": lambda _, facts: facts.write_text('{"sha256": '),
    "other facts": lambda _, facts: facts.write_text("[]"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cache_is_built_anew(damage: str, photos: Path, decoded: list[Path]) -> None:
    cache = cache_of(photos)
    content = cache.prepare()
    DAMAGES[damage](cache.path, cache.path.with_suffix(".json"))
    assert cache.prepare() == content
    assert len(decoded) == 24
    assert greys(cache) == list(range(12))


def test_two_at_once_build_one_cache(photos: Path, decoded: list[Path]) -> None:
    together = Barrier(2)

    def start(_: int) -> str:
        cache = cache_of(photos)
        together.wait()
        return cache.prepare()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(start, range(2))
    assert first == second
    assert len(decoded) == 12
    assert greys(cache_of(photos)) == list(range(12))


def test_a_full_disk_leaves_nothing(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    cache = cache_of(photos)
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        cache.prepare()
    assert kept(cache) == []


def test_a_killed_build_leaves_nothing_that_counts(photos: Path) -> None:
    program = (
        "import os; from pathlib import Path; from kindling.source import image_cache as c\n"
        f"photos = Path({str(photos)!r}); c.PART = 1; seen = []; decode = c.decode\n"
        "c.decode = lambda *how: os._exit(9) if len(seen) > 5 else seen.append(how) or decode(*how)\n"
        "files = [c.ImageFile(p.name, p.stat().st_size, p.stat().st_mtime_ns) "
        "for p in sorted(photos.iterdir())]\n"
        "c.ImageCache(photos.parent / 'cache', photos, files, 'rgb', (4, 6)).prepare()"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 9
    cache = cache_of(photos)
    (left,) = kept(cache)
    assert left.startswith(f".{cache.path.name}.")
    add(photos)
    (photos / "98.png").touch()
    with pytest.raises(DataError, match=r"98\.png"):
        cache_of(photos).prepare()
    assert kept(cache) == [], "what the killed build left takes no room of the next"
    (photos / "98.png").unlink()
    cache = cache_of(photos)
    cache.prepare()
    assert kept(cache) == [cache.path.with_suffix(".json").name, cache.path.name]
    assert greys(cache) == [*range(12), 99]


def test_writing_to_the_tensor_leaves_the_cache_alone(photos: Path) -> None:
    cache = cache_of(photos)
    cache.prepare()
    open_images(cache.path).add_(1)
    assert greys(cache) == list(range(12))


def test_a_large_image_is_no_cause_for_a_warning(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("PIL.Image.MAX_IMAGE_PIXELS", 4 * 6 - 1)
    cache_of(photos).prepare()
    cache_of(photos, size=None)
