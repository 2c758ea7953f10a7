"""Folders of small images."""

from pathlib import Path

import pytest
from PIL import Image


def draw(path: Path, grey: int = 0, size: tuple[int, int] = (4, 4)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (grey, grey, grey)).save(path)


def draw_classes(folder: Path, grey: int, each: int = 10) -> None:
    """Images of cats in one grey, of dogs one lighter."""
    for number in range(each):
        draw(folder / "dog" / f"{number}.png", grey + 1)
        draw(folder / "cat" / f"{number}.png", grey)


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Twenty images, directly in a folder for each class."""
    draw_classes(tmp_path / "pets", grey=10)
    return tmp_path / "pets"


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """The same under train, with two more of each class under test."""
    draw_classes(tmp_path / "sets" / "train", grey=10)
    draw_classes(tmp_path / "sets" / "test", grey=20, each=2)
    return tmp_path / "sets"
