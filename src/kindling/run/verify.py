"""Whether a checkpoint is the one that was written, by the sha256 beside it."""

import hashlib
import zipfile
from pathlib import Path

from kindling.error import RunError

BLOCK = 2**20  # bytes


def verify(path: Path) -> None:
    """Compare a file and its parts with the sha256 beside it, or with its own check sums; raises RunError."""
    beside = digest_file(path)
    try:
        if beside.exists():
            wrong = [name for name, told in digests(path).items() if told != sha256(path.parent / name)]
            whole = not wrong
            why = f"the sha256 of {wrong[0]} is not that in {beside.name}" if wrong else ""
        else:  # copied without it
            with zipfile.ZipFile(path) as archive:
                whole = archive.testzip() is None
            why = "a check sum in it is wrong"
    except FileNotFoundError:
        raise RunError(f"{path}: expected a checkpoint, got nothing there; name another") from None
    except OSError:
        raise
    except Exception:  # which one depends on where it is damaged
        raise RunError(f"{path}: expected a checkpoint, got a file that can't be read as one") from None
    if not whole:
        raise RunError(f"{path}: damaged, {why}; take {previous(path)} or another")


def is_whole(path: Path) -> bool:
    """Whether it is there and belongs to the sha256 beside it."""
    return digest_file(path).exists() and fault(path) is None


def fault(path: Path) -> str | None:
    """What is wrong with a checkpoint."""
    try:
        verify(path)
    except RunError as error:
        return str(error)
    return None


def newest_whole(path: Path) -> tuple[Path | None, list[str]]:
    """The checkpoint or its predecessor, whichever verifies; and what is wrong with what does not."""
    there = [candidate for candidate in (path, previous(path)) if candidate.exists()]
    faults = {candidate: fault(candidate) for candidate in there}
    whole = next((candidate for candidate in there if faults[candidate] is None), None)
    return whole, [told for told in faults.values() if told]


def digests(path: Path) -> dict[str, str]:
    """The sha256 written of a checkpoint, whatever its name is now, and of its parts by their paths."""
    lines = digest_file(path).read_text(encoding="utf-8", errors="replace").splitlines() or [""]
    first, *others = (line.split(" ", 1) for line in lines)
    return {path.name: first[0], **{words[-1].strip(): words[0] for words in others}}


def sha256(path: Path) -> str:
    """The digest of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def digest_file(path: Path) -> Path:
    """Where the sha256 of a checkpoint stands."""
    return path.with_name(f"{path.name}.sha256")


def previous(path: Path) -> Path:
    """Where the predecessor of a checkpoint lies."""
    return path.parent / "previous" / path.name
