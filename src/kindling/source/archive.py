"""Official archives: what is in them is proved by size and checksum before it counts."""

import gzip
import hashlib
import os
import tarfile
import zlib
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PureWindowsPath
from typing import IO

from kindling.error import DataError, one_line

Stream = IO[bytes] | gzip.GzipFile
CHUNK = 2**20  # bytes
DAMAGE = (gzip.BadGzipFile, EOFError, zlib.error, tarfile.TarError)


@dataclass(frozen=True)
class Member:
    """A file within an archive, and what it must be once unpacked."""

    name: str
    size: int  # bytes
    sha256: str = ""  # of the content, where it is published

    def path(self, folder: Path) -> Path:
        """Where it lies once unpacked; its folders within the archive are left out."""
        return folder / self.name.rpartition("/")[2]


@dataclass(frozen=True)
class Archive:
    """A file under its official name: `.tar.gz`, or `.gz` of a single member."""

    name: str
    sha256: str
    members: tuple[Member, ...]


class RefusedError(Exception):
    """What a source has is not what is wanted."""


def difference(expected: str, got: str) -> str:
    """Two checksums for a message, as long as people compare."""
    return f"expected {expected[:12]}, got {got[:12]}"


def sha256_of(path: Path) -> str:
    """The checksum of a whole file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def note_of(path: Path) -> Path:
    """The file that keeps the checksum of one whose own is not published, as sha256sum -c reads it."""
    return path.with_name(f"{path.name}.sha256")


def temporary(path: Path) -> Path:
    """Its name until it is proved."""
    return path.with_name(f"{path.name}.tmp")


def lacking(archive: Archive, folder: Path) -> dict[str, Member]:
    """The members, by name, that the folder lacks; raises DataError where one that it has is damaged."""
    missing = {}
    for member in archive.members:
        path = member.path(folder)
        if path.exists():
            prove(path, member.sha256)
        else:
            missing[member.name] = member
    return missing


def prove(path: Path, expected: str) -> None:
    """Compare an unpacked file with its published checksum, or with the one noted when it was unpacked."""
    note = note_of(path)
    if not expected and note.is_file():
        expected = note.read_text(encoding="utf-8", errors="replace").partition(" ")[0]
    got = sha256_of(path)
    if got != expected:
        told = f"damaged, {difference(expected, got)}" if expected else f"lacks its checksum in {note.name}"
        raise DataError(f"{path}: {told}; delete it to have it fetched again")


def unpack(source: Path, archive: Archive, folder: Path) -> None:
    """Put the members that the folder lacks there, once all of them are proved; raises RefusedError.

    A repacked archive serves as well, where the checksums of its content are published.
    """
    require_archive(source)
    got = sha256_of(source)
    told = "" if got == archive.sha256 else f"wrong checksum, {difference(archive.sha256, got)}"
    if told and not all(member.sha256 for member in archive.members):
        raise RefusedError(told)
    wanted = lacking(archive, folder)
    digests = {}
    try:
        with closing(contents(source, archive)) as streams:
            for name, stream in streams:
                if name in wanted:
                    digests[name] = write(stream, wanted[name], temporary(wanted[name].path(folder)))
        if absent := wanted.keys() - digests:
            raise RefusedError(f"lacks {', '.join(sorted(absent))}")
        for name, digest in digests.items():
            settle(wanted[name], digest, folder)
    except DAMAGE as error:
        raise RefusedError(f"damaged, {one_line(error)}{told and f'; {told}'}") from None
    finally:
        for path in [member.path(folder) for member in wanted.values()]:
            temporary(path).unlink(missing_ok=True)
            temporary(note_of(path)).unlink(missing_ok=True)


def require_archive(path: Path) -> None:
    """Refuse what isn't there, and the page that a server or a login in between may send instead."""
    if not path.is_file():
        raise RefusedError("no such file")
    with path.open("rb") as file:
        if file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
            raise RefusedError("an HTML page, not an archive")


def contents(source: Path, archive: Archive) -> Generator[tuple[str, Stream], None, None]:
    """Every regular file in an archive by its name; nothing in it decides where anything is written."""
    if not archive.name.endswith(".tar.gz"):
        with gzip.open(source) as file:
            yield archive.members[0].name, file
        return
    with tarfile.open(source, "r:gz") as tar:
        for entry in tar:
            path = PureWindowsPath(entry.name)  # knows both kinds of slashes, and drives
            if path.anchor or ".." in path.parts:
                raise RefusedError(f"a member leads out of its folder: {entry.name}")
            content = tar.extractfile(entry) if entry.isfile() else None
            if content:
                yield entry.name, content


def write(stream: Stream, member: Member, path: Path) -> str:
    """Unpack a member to a path and give its checksum; raises RefusedError for a wrong size or checksum."""
    digest, left = hashlib.sha256(), member.size + 1  # one more, to come upon the end
    with path.open("wb") as file:
        while chunk := stream.read(min(CHUNK, left)):
            digest.update(chunk)
            left -= file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if left != 1:
        size = "more" if left == 0 else member.size + 1 - left
        raise RefusedError(f"{member.name}: expected {member.size} bytes, got {size}")
    if member.sha256 not in ("", digest.hexdigest()):
        told = difference(member.sha256, digest.hexdigest())
        raise RefusedError(f"{member.name}: wrong checksum of the content, {told}")
    return digest.hexdigest()


def settle(member: Member, digest: str, folder: Path) -> None:
    """Give a proved file its name, for good; its checksum is noted first where it is not published."""
    path = member.path(folder)
    if not member.sha256:
        line, note = f"{digest}  {path.name}\n".encode(), note_of(path)
        write(BytesIO(line), Member(note.name, len(line)), temporary(note))
        temporary(note).replace(note)
    temporary(path).replace(path)
    if os.name != "nt":  # Windows has no way to flush a folder
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
