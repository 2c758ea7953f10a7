"""Which process keeps a run, in a form by which another can tell whether it still lives."""

import hashlib
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock

PROC = Path("/proc")
UNKNOWN, HIDDEN = "", -1.0  # of a process that is there
SET_ANEW = 60.0  # seconds by which a clock may be, between two looks at when a process began


def this_process() -> dict[str, Any]:
    """Plain values for status.json."""
    return {"pid": os.getpid(), "host": host(), "started": started(os.getpid()) or seconds(os.getpid())}


def lives(noted: Any) -> bool | None:
    """Whether that process still runs; None where that can't be told, as of another machine."""
    facts = noted if isinstance(noted, dict) else {}
    pid, then = facts.get("pid"), facts.get("started")
    if facts.get("host") not in (host(), platform.node()) or type(pid) is not int or pid < 1:
        return None
    if isinstance(then, float):
        now = seconds(pid)
        return None if now == HIDDEN else now is not None and abs(now - then) < SET_ANEW
    text = started(pid) if then else UNKNOWN
    return None if text == UNKNOWN else text == then  # its number may have gone to another one


@contextmanager
def alone(folder: Path, wait: bool = True) -> Iterator[bool]:
    """Between a look at who keeps a folder and keeping it, let no other process of this user do the same.

    Yields whether that is so: not where another one does it now and nobody waits, or there is no room.
    """
    user = os.getuid() if hasattr(os, "getuid") else ""
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    lock = FileLock(Path(tempfile.gettempdir()) / f"kindling-{user}-{name}.lock")
    with suppress(OSError):  # without room for a lock, one that comes a moment later still sees the record
        lock.acquire(blocking=wait)
    try:
        yield lock.is_locked
    finally:
        lock.release()


def host() -> str:
    """Where process numbers count: the machine, and on Linux the container, which may share its name."""
    with suppress(OSError):
        return f"{platform.node()} {(PROC / 'self' / 'ns' / 'pid').readlink()}"
    return platform.node()


def started(pid: int) -> str | None:
    """When a process began, on Linux: the boot, and ticks since then, which no setting of a clock changes.

    None once it has ended, UNKNOWN where that is hidden and on other systems.
    """
    if sys.platform != "linux":
        return UNKNOWN
    try:
        os.kill(pid, 0)  # nothing is sent; it sees processes that /proc may hide
    except (ProcessLookupError, OverflowError):
        return None
    except PermissionError:
        pass
    try:
        boot = (PROC / "sys" / "kernel" / "random" / "boot_id").read_text().strip()
        facts = (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return UNKNOWN
    return None if facts[0] in "ZX" else f"{boot} {facts[19]}"  # one that only waits to be buried


def seconds(pid: int) -> float | None:
    """When a process began by the clock, since 1970; None once it has ended, HIDDEN where that is hidden."""
    import psutil

    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return None
    except psutil.AccessDenied:
        return HIDDEN
