"""An archive is unpacked only where it is what was published, and what lies in the cache is proved again."""

import gzip
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kindling.error import DataError
from kindling.source.archive import RefusedError, unpack
from kindling.source.download import provide
from tests.source.mirror import CONTENT, PARTS, checksum, names, pack, pack_parts, pack_tar

Spoil = Callable[[bytes], bytes]


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def test_a_repacked_archive_serves_where_its_content_is_known(tmp_path: Path) -> None:
    archive, _ = pack()
    (tmp_path / "other").write_bytes(gzip.compress(CONTENT, 1, mtime=1))
    unpack(tmp_path / "other", archive, tmp_path)
    assert (tmp_path / "numbers").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("spoil", "known", "reason"),
    [
        (
            lambda packed: gzip.compress(CONTENT, 1, mtime=1),
            False,
            "^wrong checksum, expected .{12}, got .{12}$",
        ),
        (lambda packed: b"<html>Log in</html>", True, "^an HTML page, not an archive"),
        (lambda packed: b"", True, "^numbers: expected 50000 bytes, got 0"),
        (lambda packed: b"nothing like it", True, "^damaged, Not a gzipped file"),
        (lambda packed: packed[:-100], True, "^damaged, Compressed file ended.*; wrong checksum, expected"),
        (lambda packed: packed[:-4], True, "^damaged, Compressed file ended"),
        (flipped, True, "^damaged, CRC check failed"),
        (lambda packed: packed + b"more", True, "^damaged, Not a gzipped file"),
        (lambda packed: gzip.compress(CONTENT[:-1], mtime=0), True, "expected 50000 bytes, got 49999"),
        (lambda packed: gzip.compress(CONTENT + b".", mtime=0), True, "expected 50000 bytes, got more"),
        (
            lambda packed: gzip.compress(flipped(CONTENT), mtime=0),
            True,
            f"wrong checksum of the content, expected {checksum(CONTENT)[:12]}, got .{{12}}$",
        ),
    ],
)
def test_a_wrong_archive_is_refused_and_leaves_nothing(
    spoil: Spoil, known: bool, reason: str, tmp_path: Path
) -> None:
    archive, packed = pack(known=known)
    (tmp_path / "packed").write_bytes(spoil(packed))
    with pytest.raises(RefusedError, match=reason):
        unpack(tmp_path / "packed", archive, tmp_path)
    assert names(tmp_path) == ["packed"]


def linked(entry: tarfile.TarInfo) -> None:
    entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"


SOME = dict(list(PARTS.items())[:2])


@pytest.mark.parametrize(
    ("packed", "reason"),
    [
        (pack_tar({**PARTS, "/set/a.bin": b""}), "a member leads out of its folder: /set/a.bin"),
        (pack_tar({**PARTS, "set/../../a.bin": b""}), "leads out of its folder: set/../../a.bin"),
        (pack_tar({**PARTS, "set\\..\\..\\a.bin": b""}), "leads out of its folder"),
        (pack_tar({**PARTS, "C:a.bin": b""}), "leads out of its folder"),
        (pack_tar(SOME), "lacks set/c.bin"),
        (pack_tar(PARTS, linked), "lacks set/a.bin, set/b.bin, set/c.bin"),
        (pack_tar({**PARTS, "set/b.bin": b"short"}), "set/b.bin: expected 16667 bytes, got 5"),
        (pack_tar(PARTS)[:-100], "damaged, "),
        (gzip.compress(b"no archive" * 100, mtime=0), "damaged, "),
    ],
)
def test_an_archive_of_wrong_members_is_refused_and_leaves_nothing(
    packed: bytes, reason: str, tmp_path: Path
) -> None:
    archive = pack_parts(tmp_path / "mirror", packed)
    with pytest.raises(DataError, match=reason):
        provide([archive], tmp_path / "cache", [tmp_path / "mirror"])
    assert names(tmp_path / "cache") == []


def test_only_what_is_wanted_is_unpacked_and_its_checksum_noted(tmp_path: Path) -> None:
    archive = pack_parts(tmp_path / "mirror", pack_tar({"set/more.txt": b"more", **PARTS}))
    provide([archive], tmp_path / "cache", [tmp_path / "mirror"])
    expected = [f"{letter}.bin{ending}" for letter in "abc" for ending in ("", ".sha256")]
    assert names(tmp_path / "cache") == expected
    note = f"{checksum(PARTS['set/a.bin'])}  a.bin\n"
    assert (tmp_path / "cache" / "a.bin.sha256").read_bytes() == note.encode()


def test_a_member_that_was_deleted_comes_back_alone(tmp_path: Path) -> None:
    archive = pack_parts(tmp_path / "mirror")
    provide([archive], tmp_path / "cache", [tmp_path / "mirror"])
    kept = (tmp_path / "cache" / "a.bin").stat().st_ino
    (tmp_path / "cache" / "b.bin").unlink()
    provide([archive], tmp_path / "cache", [tmp_path / "mirror"])
    assert (tmp_path / "cache" / "b.bin").read_bytes() == PARTS["set/b.bin"]
    assert (tmp_path / "cache" / "a.bin").stat().st_ino == kept


@pytest.mark.parametrize("damage", [flipped, lambda content: content[:-1], lambda content: b""])
@pytest.mark.parametrize("known", [True, False])
def test_a_damaged_file_in_the_cache_is_told_and_kept(damage: Spoil, known: bool, tmp_path: Path) -> None:
    archive, packed = pack(known=known)
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "numbers.gz").write_bytes(packed)
    provide([archive], tmp_path, [tmp_path / "mirror"])
    path = tmp_path / "numbers"
    path.write_bytes(damage(CONTENT))
    with pytest.raises(DataError, match=r"numbers: damaged, expected .{12}, got .{12}; delete it"):
        provide([archive], tmp_path, [tmp_path / "mirror"])
    assert path.read_bytes() == damage(CONTENT)


def test_a_file_without_the_checksum_that_it_needs_is_told(tmp_path: Path) -> None:
    archive, _ = pack(known=False)
    (tmp_path / "numbers").write_bytes(CONTENT)
    with pytest.raises(DataError, match=r"numbers: lacks its checksum in numbers\.sha256; delete it"):
        provide([archive], tmp_path, [])
