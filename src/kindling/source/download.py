"""Official files from a folder or a mirror: fetched once, by one process, however many ask for them."""

from collections.abc import Iterable, Iterator
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, url2pathname, urlopen

from filelock import FileLock
from tqdm import tqdm

from kindling.error import ConfigError, DataError, one_line
from kindling.source.archive import CHUNK, Archive, RefusedError, lacking, unpack
from kindling.source.path import user_path

TIMEOUT = 30  # seconds without a byte
ATTEMPTS = 3  # on one mirror, while each brings more


class BrokenError(RefusedError):
    """A mirror doesn't answer or stops midway; what came so far is worth keeping."""


def sources(mirror: str | None, official: Iterable[str]) -> list[str | Path]:
    """Addresses and folders to try in turn: only the user's mirror where there is one; raises ConfigError."""
    if not mirror:
        return list(official)
    mirror = str(mirror)  # a folder's name may look like a number
    kind, mark, rest = mirror.partition("://")
    if not mark or kind.lower() == "file":
        return [user_path(url2pathname(rest.removeprefix("localhost")) if mark else mirror)]
    if kind.lower() not in ("http", "https"):
        raise ConfigError(f"data.mirror: expected a folder or file://, http://, https://, got {mirror}")
    return [mirror]


def provide(archives: Iterable[Archive], folder: Path, places: list[str | Path]) -> None:
    """Have every member of the archives in the folder, from the first of the places that has it.

    Raises DataError where no place has it, or where a file that lies in the folder is damaged.
    """
    for archive in archives:
        if lacking(archive, folder):
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / ".lock"):
                if lacking(archive, folder):  # no other process was faster
                    fetch(archive, folder, places)


def fetch(archive: Archive, folder: Path, places: list[str | Path]) -> None:
    """Take the archive that a user put into the folder, or else try the places in turn."""
    placed = folder / archive.name
    if placed.exists():
        try:
            return unpack(placed, archive, folder)
        except RefusedError as reason:
            raise DataError(f"{placed}: {reason}; delete it or put the official file there") from None
    tried = []
    for place in places:
        address = place / archive.name if isinstance(place, Path) else f"{place.rstrip('/')}/{archive.name}"
        try:
            if isinstance(address, Path):
                return unpack(address, archive, folder)
            return download(address, archive, folder)
        except RefusedError as reason:
            tried.append(f"{address} ({reason})")
    told = f"data: {archive.name} can't be had, tried {', '.join(tried)}"
    raise DataError(f"{told}; put it into {folder} by hand or set data.mirror")


def download(address: str, archive: Archive, folder: Path) -> None:
    """Start or continue a download and unpack it; what was continued and proves wrong starts over."""
    part = folder / f"{archive.name}.part"
    limit = sum(member.size for member in archive.members) + CHUNK
    for attempt in range(1, ATTEMPTS + 1):
        before = size(part)
        try:
            receive(address, part, limit)
            unpack(part, archive, folder)
            part.unlink()
            return
        except BrokenError:
            if attempt == ATTEMPTS or size(part) <= before:
                raise
        except RefusedError:
            part.unlink()
            if attempt == ATTEMPTS or not before:
                raise


def receive(address: str, part: Path, limit: int) -> None:
    """Add what the part lacks, or all where the server can't continue; raises BrokenError, RefusedError."""
    start = size(part)
    response = connect(address, start)
    if response is None:
        return
    with response:
        continues = response.status == 206
        if continues and not response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
            raise RefusedError(f"the answer doesn't start at byte {start}")
        initial = start if continues else 0
        total = initial + response.length if response.length else None
        bar = tqdm(
            desc=part.stem, initial=initial, total=total, unit="B", unit_scale=True, leave=False, disable=None
        )  # None: only on a terminal
        with part.open("ab" if continues else "wb") as file, bar:
            for chunk in chunks(response):
                bar.update(file.write(chunk))
                if file.tell() > limit:
                    raise RefusedError(f"larger than its content of {limit - CHUNK} bytes")


def size(path: Path) -> int:
    """Bytes of a file; none where it is missing."""
    return path.stat().st_size if path.exists() else 0


def connect(address: str, start: int) -> HTTPResponse | None:
    """The answer from byte `start` on, if the server can; None where it has nothing beyond it."""
    headers = {"User-Agent": "kindling", **({"Range": f"bytes={start}-"} if start else {})}
    try:
        response: HTTPResponse = urlopen(Request(address, headers=headers), timeout=TIMEOUT)
    except HTTPError as error:
        error.close()
        if start and error.code == 416:
            return None
        raise BrokenError(f"HTTP {error.code} {error.reason}") from None
    except (OSError, HTTPException, ValueError) as error:
        raise BrokenError(short(error)) from None
    return response


def chunks(response: HTTPResponse) -> Iterator[bytes]:
    """What arrives, as it arrives; errors of the network become BrokenError, and none of the disk's do."""
    try:
        while chunk := response.read1(CHUNK):
            yield chunk
    except (OSError, HTTPException) as error:
        raise BrokenError(short(error)) from None
    if response.length:
        raise BrokenError(f"the connection ended {response.length} bytes early")


def short(error: Exception) -> str:
    """The reason of a network's error in a few words."""
    reason = getattr(error, "reason", error)  # what urllib wraps
    return getattr(reason, "strerror", None) or one_line(reason) or type(reason).__name__
