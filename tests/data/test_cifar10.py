"""CIFAR-10 is read from rows of bytes, and keeps its official test images."""

from pathlib import Path
from typing import Any

import pytest
import torch

from kindling.data.cifar10 import ARCHIVE, BATCHES, CIFAR10, ROW, read_batch
from kindling.error import DataError
from kindling.source.archive import Archive, Member
from tests.source.mirror import checksum, pack_tar


def batch(number: int, rows: int = 8) -> bytes:
    """Rows whose planes are filled with the batch's, the row's and a constant number."""
    return b"".join(
        bytes([row]) + bytes([number]) * 1024 + bytes([row]) * 1024 + b"\x07" * 1024 for row in range(rows)
    )


def build(folder: Path, monkeypatch: pytest.MonkeyPatch, contents: list[bytes], **settings: Any) -> CIFAR10:
    """The set with other files in the place of the official ones, put into the cache by hand."""
    files = {f"cifar-10-batches-bin/{name}": content for name, content in zip(BATCHES, contents, strict=True)}
    packed = pack_tar({"cifar-10-batches-bin/readme.html": b"more", **files})
    members = tuple(Member(name, len(content)) for name, content in files.items())
    monkeypatch.setattr("kindling.data.cifar10.ARCHIVE", Archive(ARCHIVE.name, checksum(packed), members))
    (folder / "cifar10").mkdir()
    (folder / "cifar10" / ARCHIVE.name).write_bytes(packed)
    return CIFAR10(root=str(folder), **settings)


def test_val_is_split_off_and_test_stays_official(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = build(tmp_path, monkeypatch, [batch(number) for number in range(6)], val_fraction=0.2)
    data.setup()
    assert data.identity["rows"] == {"train": 32, "val": 8, "test": 8}
    inputs, targets = data.splits["test"][:]
    assert (inputs.shape, inputs.dtype) == ((8, 3, 32, 32), torch.uint8)
    assert targets.tolist() == list(range(8))
    assert inputs[3].amin((1, 2)).tolist() == inputs[3].amax((1, 2)).tolist() == [5, 3, 7]
    rest = torch.cat([data.splits[part][:][0][:, 0, 0, 0] for part in ("train", "val")])
    assert rest.bincount().tolist() == [8] * 5


def test_the_spec_needs_no_files(tmp_path: Path) -> None:
    assert CIFAR10(root=str(tmp_path)).spec.input_shape == (3, 32, 32)
    assert list(tmp_path.iterdir()) == []


def test_the_official_files_are_of_the_published_size() -> None:
    assert [member.size for member in ARCHIVE.members] == [30_730_000] * 6


def test_a_label_out_of_range_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = build(tmp_path, monkeypatch, [batch(0, rows=11)] * 6)
    with pytest.raises(DataError, match="the train split has the class 10, expected 0 to 9"):
        data.setup()


@pytest.mark.parametrize("size", [0, 1, ROW - 1, 2 * ROW + 1])
def test_a_file_of_broken_rows_is_told(size: int, tmp_path: Path) -> None:
    (tmp_path / "batch.bin").write_bytes(bytes(size))
    with pytest.raises(DataError, match=f"batch.bin: expected rows of 3073 bytes, got {size} bytes"):
        read_batch(tmp_path / "batch.bin")
