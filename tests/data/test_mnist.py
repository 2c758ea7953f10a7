"""MNIST and Fashion-MNIST are read as their format says, and keep their official test images."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from kindling.data.mnist import MNIST, SETS, Source
from kindling.error import DataError
from kindling.source.archive import Archive, Member
from kindling.source.idx import read_idx
from tests.source.mirror import checksum

ROWS = {"train": 40, "t10k": 20}


def idx(*shape: int, content: bytes, magic: bytes = b"\0\0\x08") -> bytes:
    return magic + bytes([len(shape)]) + b"".join(size.to_bytes(4, "big") for size in shape) + content


def official() -> dict[str, bytes]:
    """Small files under the official names; an image has its row's number in every pixel."""
    files = {}
    for part, rows in ROWS.items():
        pixels = b"".join(bytes([row]) * 784 for row in range(rows))
        files[f"{part}-images-idx3-ubyte"] = idx(rows, 28, 28, content=pixels)
        files[f"{part}-labels-idx1-ubyte"] = idx(rows, content=bytes(row % 10 for row in range(rows)))
    return files


Build = Callable[..., MNIST]


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    """The set with other files in the place of the official ones, in a mirror that is a folder."""

    def made(name: str = "mnist", files: dict[str, bytes] | None = None, **settings: Any) -> MNIST:
        (tmp_path / "mirror").mkdir()
        archives = []
        for member, content in (official() | (files or {})).items():
            packed = gzip.compress(content, mtime=0)
            (tmp_path / "mirror" / f"{member}.gz").write_bytes(packed)
            archives.append(Archive(f"{member}.gz", checksum(packed), (Member(member, len(content)),)))
        monkeypatch.setitem(SETS, name, Source((), tuple(archives), SETS[name].class_names))
        return MNIST(name, mirror=str(tmp_path / "mirror"), root=str(tmp_path / "root"), **settings)

    return made


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_val_is_split_off_and_test_stays_official(name: str, build: Build, tmp_path: Path) -> None:
    data = build(name, val_fraction=0.25)
    data.setup()
    assert data.identity["rows"] == {"train": 30, "val": 10, "test": 20}
    inputs, targets = data.splits["test"][:]
    assert (inputs.shape, inputs.dtype) == ((20, 1, 28, 28), torch.uint8)
    assert inputs[:, 0, 0, 0].tolist() == list(range(20))
    assert targets.tolist() == [row % 10 for row in range(20)]
    rest = torch.cat([data.splits[part][:][0][:, 0, 27, 27] for part in ("train", "val")])
    assert rest.sort().values.tolist() == list(range(40))
    assert len(list((tmp_path / "root" / name).glob("*-ubyte"))) == 4


@pytest.mark.parametrize("name", SETS)
def test_the_spec_needs_no_files(name: Any, tmp_path: Path) -> None:
    spec = MNIST(name, root=str(tmp_path / "none")).spec
    assert (spec.input_shape, spec.num_targets, len(set(spec.class_names))) == ((1, 28, 28), 10, 10)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("name", SETS)
def test_every_official_file_has_a_checksum_of_its_own(name: str) -> None:
    published = [archive.sha256 for archive in SETS[name].archives]
    published += [member.sha256 for archive in SETS[name].archives for member in archive.members]
    assert {len(text) for text in published} <= {0, 64}
    assert len({text for text in published if text}) == {"mnist": 8, "fashion_mnist": 4}[name]


def test_another_name_is_told(mistakes: Callable[..., str]) -> None:
    told = mistakes("data=mnist", "data.name=emnist")
    assert told.startswith("data.name: expected one of mnist, fashion_mnist, got emnist")


IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({LABELS: idx(39, content=bytes(39))}, "expected a label for each of 40 train images, got 39"),
        ({LABELS: idx(40, content=bytes([10] * 40))}, "the train split has the class 10, expected 0 to 9"),
        ({IMAGES: idx(40, 27, 29, content=bytes(40 * 783))}, r"shape \(1, 27, 29\), expected \(1, 28, 28\)"),
        ({IMAGES: idx(40, 784, content=bytes(40 * 784))}, f"{IMAGES}: expected the magic number"),
    ],
)
def test_files_that_do_not_fit_together_are_told(files: dict[str, bytes], message: str, build: Build) -> None:
    with pytest.raises(DataError, match=message):
        build(files=files).setup()


def test_values_come_in_the_shape_of_the_header(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(idx(2, 1, 3, content=bytes(range(6))))
    assert read_idx(tmp_path / "file", axes=3).tolist() == [[[0, 1, 2]], [[3, 4, 5]]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"expected the magic number \[0, 0, 8, 1\] of IDX, got \[\]"),
        (idx(3, content=b"abc", magic=b"\0\0\x09"), r"got \[0, 0, 9, 1\]"),
        (idx(3, content=b"abc", magic=b"\1\0\x08"), r"got \[1, 0, 8, 1\]"),
        (idx(3, 1, content=b"abc"), r"got \[0, 0, 8, 2\]"),
        (idx(3, content=b"abc")[:6], "as its header says, got 6"),
        (idx(3, content=b"ab"), "expected 11 bytes as its header says, got 10"),
        (idx(3, content=b"abcd"), "expected 11 bytes as its header says, got 12"),
        (idx(2**32 - 1, content=b"abc"), "expected 4294967303 bytes as its header says, got 11"),
    ],
)
def test_a_file_that_is_not_as_its_header_says_is_told(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(DataError, match=f"file: .*{message}"):
        read_idx(tmp_path / "file", axes=1)
