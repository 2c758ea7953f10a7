"""What is wrong with a folder of images is told in one line, before anything is kept."""

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from kindling.data.image_folder import ImageFolder
from kindling.error import ConfigError, DataError, UserError
from tests.data.conftest import draw, draw_classes
from tests.data.test_image_folder import opened

Act = Callable[[Path], Any]


def bomb(path: Path) -> None:
    """A small file that says it is an image of 30,000 × 30,000."""
    header = b"IHDR" + struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\0IDAT" + struct.pack(">I", zlib.crc32(b"IDAT")))


def cut(path: Path) -> None:
    noise = torch.randint(256, (40, 40, 3), dtype=torch.uint8).numpy()
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])


def emptied(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def renamed(folder: Path, name: str) -> None:
    folder.rename(folder.with_name(name))


BAD_PETS: list[tuple[str, Act, str]] = [
    ("no folder", lambda pets: renamed(pets, "others"), r"pets: expected a folder of images, got: "),
    ("a dead link", lambda pets: (pets / "cat" / "z").symlink_to("nothing"), r"cat.z: expected an image"),
    ("a circle", lambda pets: (pets / "cat" / "z").symlink_to("."), r"z: expected a folder of images"),
    ("no class", lambda pets: [renamed(pets / name, f".{name}") for name in ("cat", "dog")], "got none"),
    ("one class", lambda pets: renamed(pets / "cat", ".cat"), "expected two classes or more, got only dog"),
    ("an empty class", lambda pets: emptied(pets / "cat"), "cat: expected images of a class, got none"),
    (
        "a class of hidden files",
        lambda pets: [renamed(path, f".{path.name}") for path in (pets / "cat").iterdir()],
        "cat: expected images of a class, got none",
    ),
    ("a cut JPEG", lambda pets: cut(pets / "cat" / "0.jpg"), r"0\.jpg: expected a whole image, got: .*trunc"),
    ("a cut PNG", lambda pets: cut(pets / "cat" / "3.png"), r"3\.png: expected a whole image"),
    ("an empty file", lambda pets: (pets / "cat" / "x.png").touch(), r"x\.png: expected an image"),
    ("a text", lambda pets: (pets / "dog" / "x.jpg").write_text("cat"), r"x\.jpg: expected an image"),
    ("the first a text", lambda pets: (pets / "cat" / "0.png").write_text("a"), r"0\.png: expected an image"),
    ("a foreign file", lambda pets: (pets / "cat" / "notes.csv").write_text("a"), r"notes\.csv: .*foreign"),
    ("a loose image", lambda pets: draw(pets / "x.png"), r"x\.png: expected only folders in "),
    ("a bomb", lambda pets: bomb(pets / "cat" / "x.png"), r"x\.png: expected a whole image, got: .*bomb"),
    (
        "two sizes",
        lambda pets: draw(pets / "dog" / "x.png", size=(6, 5)),
        r"x\.png: expected height × width 4×4 as in .*cat.0\.png, got 5×6; set data\.size=\[4,4\]",
    ),
    ("capitals", lambda pets: renamed(pets / "cat", "Train"), "Train: expected train, val and test alone"),
    ("only test", lambda pets: renamed(pets / "cat", "test"), "dog: expected train, val and test alone"),
]
BAD_SETS: list[tuple[str, Act, str]] = [
    ("no train", lambda sets: renamed(sets / "train", ".train"), "expected a folder train beside test, got"),
    (
        "another split",
        lambda sets: draw_classes(sets / "valid", 30),
        "valid: expected train, val and test al",
    ),
    (
        "an unknown class",
        lambda sets: draw(sets / "test" / "cow" / "1.png"),
        "cow: expected a class that tra",
    ),
    ("a loose image", lambda sets: draw(sets / "train" / "x.png"), r"x\.png: expected only folders in .*tr"),
    ("an empty split", lambda sets: (sets / "val").mkdir(), "val: expected a folder of images for each clas"),
    (
        "an empty class",
        lambda sets: (sets / "test" / "cow").mkdir(),
        "cow: expected images of a class, got none",
    ),
    ("a cut test", lambda sets: cut(sets / "test" / "dog" / "0.jpg"), r"0\.jpg: expected a whole image"),
]


def refused(path: Path, kind: type[UserError], message: str, **settings: Any) -> None:
    """One line, and neither a cache that counts nor a touched file."""
    before = sorted(path.rglob("*")) if path.is_dir() else []
    with pytest.raises(kind, match=message) as told:
        opened(path, **settings)
    assert "\n" not in str(told.value)
    cache = path.parent / "cache"
    assert not [left for left in cache.glob("*/*") if left.suffix != ".lock"]
    assert before == (sorted(path.rglob("*")) if path.is_dir() else [])


@pytest.mark.parametrize(("name", "act", "message"), BAD_PETS, ids=[name for name, *_ in BAD_PETS])
def test_a_wrong_folder_is_told(name: str, act: Act, message: str, pets: Path) -> None:
    try:
        act(pets)
    except OSError:
        pytest.skip("this system makes no links")
    refused(pets, DataError, message)


@pytest.mark.parametrize(("name", "act", "message"), BAD_SETS, ids=[name for name, *_ in BAD_SETS])
def test_wrong_splits_are_told(name: str, act: Act, message: str, sets: Path) -> None:
    act(sets)
    refused(sets, DataError, message)


def test_a_file_is_no_folder(pets: Path) -> None:
    (pets.parent / "pets.zip").touch()
    refused(pets.parent / "pets.zip", DataError, r"pets\.zip: expected a folder of images, got: ")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_is_not_waited_for(pets: Path) -> None:
    os.mkfifo(pets / "cat" / "pipe")
    refused(pets, DataError, "pipe: expected an image")


@pytest.mark.parametrize(
    "size", [0, -1, 5000, True, 1.5, "big", [4], [4, 0], [4, 4, 3], [4, "4"], {"height": 4}], ids=repr
)
def test_a_wrong_size_is_told(size: Any, pets: Path) -> None:
    refused(pets, ConfigError, r"data\.size: expected up to 4096 pixels, \[height,width\]", size=size)


@pytest.mark.parametrize("mode", ["RGB", "null", "[rgb]"])
def test_a_wrong_mode_is_told(mode: str, mistakes: Callable[..., str]) -> None:
    told = mistakes("data=image_folder", "data.path=x", f"data.mode={mode}")
    assert told.startswith("data.mode: expected one of rgb, grey, got ")


def test_an_empty_path_is_told() -> None:
    with pytest.raises(ConfigError, match=r"data\.path: expected a folder of images"):
        ImageFolder(path="")


def test_an_unknown_home_is_told() -> None:
    with pytest.raises(DataError, match=r"~nobody-of-that-name.*expected a folder of images"):
        ImageFolder(path="~nobody-of-that-name/pets")


def test_the_cache_does_not_lie_among_the_images(pets: Path) -> None:
    with pytest.raises(ConfigError, match=r"data\.root: expected a folder outside data\.path"):
        ImageFolder(path=str(pets), root=str(pets))


@pytest.mark.parametrize("split", ["val", "test"])
def test_a_split_without_rows_is_told(split: str, pets: Path) -> None:
    with pytest.raises(DataError, match=f"the {split} split has no rows.*raise data.{split}_fraction"):
        opened(pets, **{f"{split}_fraction": 0.0})
