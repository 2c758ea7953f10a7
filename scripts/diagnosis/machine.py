"""The machine: what it computes on, and where there is room."""

import os
import platform
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from diagnosis.child import EndedError, alone
from diagnosis.row import Row
from kindling.error import MACHINE_ERRNOS, one_line

GIB = 2**30
LEAST = {"memory": 0.5, "disk": 0.1}  # GiB; with less hardly anything can be trained


def processor() -> str:
    """The processor's name, as far as the system tells it."""
    with suppress(OSError, subprocess.CalledProcessError):
        if platform.system() == "Darwin":
            command = ["sysctl", "-n", "machdep.cpu.brand_string"]
            return subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        if names:
            return names[0]
    return platform.processor() or platform.machine()


def cores() -> int:
    """How many cores this process may use, by its affinity and its container's share."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with suppress(OSError, ValueError):  # elsewhere than in a container it says max
        share, period = map(int, Path("/sys/fs/cgroup/cpu.max").read_text(encoding="utf-8").split())
        found = min(found, max(1, share // period))
    return found


def of_torch() -> dict[str, Any]:
    """What torch tells: its threads, its devices, and what is wrong with them."""
    import torch

    wrong: list[str] = []
    with warnings.catch_warnings(record=True) as said:  # such as one about a driver that is too old
        warnings.simplefilter("always")
        torch.cuda.is_available()
        kind = torch.accelerator.current_accelerator(check_available=True)
        count = torch.accelerator.device_count() if kind else 0
    devices: list[tuple[str, str]] = []
    for number in range(count):
        device = torch.device(kind.type, number)
        devices.append((str(device), described(torch, device)))
        try:
            torch.ones(2, device=device).sum().item()
        except RuntimeError as error:  # such as one about a card that this build has no code for
            wrong.append(f"{device}: can't add two numbers ({one_line(error)}); write trainer=cpu")
    wrong += [f"devices: {one_line(one.message)}" for one in said if "initialization" in str(one.message)]
    return {
        "threads": torch.get_num_threads(),
        "version": torch.__version__,
        "devices": devices,
        "wrong": wrong,
    }


def described(torch: Any, device: Any) -> str:
    """A device's name and memory."""
    ask = getattr(torch.get_device_module(device), "get_device_properties", None)
    if ask is None:  # Apple's
        return f"{processor()}, {torch.mps.recommended_max_memory() / GIB:.1f} GiB"
    found = ask(device)
    return f"{found.name}, {found.total_memory / GIB:.1f} GiB"


def devices() -> Iterator[Row]:
    """The processor, the cards and the threads."""
    yield Row("processor", f"{processor()}, {os.cpu_count()} cores, {cores()} for this process")
    threads = "not known"
    try:
        told = alone(__name__, "of_torch")
    except EndedError as ended:  # where torch doesn't import that is told by itself
        yield Row("other devices", "not known", f"devices: torch can't tell them ({ended})")
    else:
        for name, text in told["devices"] or [
            ("other devices", f"none that torch {told['version']} can use")
        ]:
            yield Row(name, text)
        yield from (Row("", "", one) for one in told["wrong"])
        threads = str(told["threads"])
    yield Row("torch's threads", threads)
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    many = wanted.isdecimal() and int(wanted) > cores()
    slow = f" (more than the {cores()} cores: it will be slow; unset it)" if many else ""
    yield Row("OMP_NUM_THREADS", (wanted or "not set") + slow)


def memory() -> Row:
    """How much memory is free."""
    try:
        from psutil import virtual_memory

        found = virtual_memory()
    except Exception as error:  # whatever a broken package raises, that is told by itself
        return Row("memory", f"not known ({one_line(error)})")
    free, lacks = found.available / GIB, found.available < LEAST["memory"] * GIB
    wrong = f"memory: expected {LEAST['memory']} GiB free or more, got {free:.2f}; end other programs"
    return Row("memory", f"{free:.1f} of {found.total / GIB:.1f} GiB free", wrong if lacks else "")


def room(name: str, find: Callable[[], Path]) -> Row:
    """How much of a disk is free, and whether a folder can be written, or made."""
    where = name
    try:
        where = f"{name} {(folder := find().absolute())}"
        there = next(one for one in (folder, *folder.parents) if one.exists())
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"1")
        free = shutil.disk_usage(there).free / GIB
    except OSError as error:
        told = MACHINE_ERRNOS.get(error.errno or 0, f"{one_line(error)}; choose another folder")
        return Row(name, "can't be written", f"{where}: {told}")
    except Exception as error:  # of a broken platformdirs
        return Row(name, f"not known ({one_line(error)})")
    wrong = f"{where}: expected {LEAST['disk']} GiB free or more, got {free:.2f}; free some space"
    return Row(name, f"{folder}, {free:.1f} GiB free, can be written", wrong if free < LEAST["disk"] else "")


def cache() -> Path:
    """Where data is kept that was downloaded."""
    from platformdirs import user_cache_path

    return user_cache_path("kindling", appauthor=False)


def space() -> Iterator[Row]:
    """Memory, and the folders that a run writes to."""
    yield memory()
    yield room("working folder", Path.cwd)
    yield room("outputs/", lambda: Path("outputs"))
    yield room("temporary folder", lambda: Path(tempfile.gettempdir()))
    yield room("cache folder", cache)
