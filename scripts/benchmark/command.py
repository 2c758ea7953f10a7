"""What a command takes: its own seconds and memory without its imports, or all of a process's memory."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from typing import NamedTuple

import psutil

from .kill import copied
from .measure import Row, Seconds, ratios
from .memory import anonymous

EVERY = 0.005  # seconds between two looks, which take some of the other processor
MB = 2**20
IMPORTS = "import torch, pytorch_lightning; print(flush=True); input()"


class Taken(NamedTuple):
    """What a command took from where its imports were done."""

    seconds: Seconds
    peak: int  # bytes that no file holds, above those of the imports


class Pages(NamedTuple):
    """Bytes of a process: all that are in memory, those of its files too, and those that no file holds."""

    resident: int
    anonymous: int


def taken(folder: Path, words: Sequence[str]) -> Taken:
    """Run a script in a copy of a process that has imported torch and Lightning; raises RuntimeError."""
    place = Path(mkdtemp(dir=folder))
    began, output = place / "began.json", place / "output.txt"
    process = copied(place, list(words), output, output, partial(note, began))
    watched, peak, cpu = psutil.Process(process.pid), 0, 0.0
    while process.exitcode is None:
        peak = max(peak, anonymous(process.pid))
        cpu = max(cpu, processor(watched))
        process.join(EVERY)
    end = time.perf_counter()
    if process.exitcode:
        raise RuntimeError(f"{' '.join(words)}: exit code {process.exitcode}, {output.read_text()[-500:]}")
    start = json.loads(began.read_text())
    return Taken(Seconds(cpu - start["cpu"], end - start["wall"]), peak - start["memory"])


def note(path: Path) -> None:
    """What this process has taken before it begins."""
    clocks = {"cpu": time.process_time(), "wall": time.perf_counter()}  # the second runs for all processes
    path.write_text(json.dumps({**clocks, "memory": anonymous(os.getpid())}))


def processor(process: psutil.Process) -> float:
    """Seconds of processor time; 0 where the process has ended."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def look(pid: int) -> Pages:
    """What a process has in memory; nothing once it has ended."""
    try:
        return Pages(psutil.Process(pid).memory_info().rss, anonymous(pid))
    except psutil.NoSuchProcess:
        return Pages(0, 0)


def imported() -> Pages:
    """What a process has in memory that imported torch and Lightning, and nothing else."""
    command = [sys.executable, "-c", IMPORTS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        found = look(process.pid)
        process.communicate(b"\n")
    return found


def peak_of(folder: Path, words: Sequence[str]) -> Pages:
    """The most that a script has in memory, started as a user does; raises RuntimeError."""
    place = Path(mkdtemp(dir=folder))
    peak = Pages(0, 0)
    with (place / "output.txt").open("w+b") as output:
        process = subprocess.Popen([sys.executable, *words], cwd=place, stdout=output, stderr=output)
        while process.poll() is None:
            peak = Pages(*map(max, peak, look(process.pid)))
            time.sleep(EVERY)
        output.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(words)}: exit code {process.returncode}, {output.read()[-500:]!r}")
    return peak


def seconds(found: Mapping[str, Sequence[Taken]]) -> dict[str, list[Seconds]]:
    """The seconds alone, to be compared."""
    return {name: [one.seconds for one in many] for name, many in found.items()}


def memory(
    found: Mapping[str, Sequence[Taken]],
    name: str,
    against: str,
    title: str,
    aim: str = "",
    reached_by: Callable[[float, float], bool] | None = None,  # from both peaks in MB
) -> Row:
    """The row of two variants by their peaks of memory."""
    each = ratios(*([one.peak for one in found[side]] for side in (name, against)))
    peaks = [median(one.peak for one in found[side]) / MB for side in (name, against)]
    return Row(
        f"{title}: {name}",
        against,
        median(each),
        min(each),
        max(each),
        aim,
        reached_by(*peaks) if reached_by else None,
        medians=" ÷ ".join(f"{peak:.1f}" for peak in peaks) + " MB",
        rounds={side: [one.peak for one in found[side]] for side in (name, against)},
    )
