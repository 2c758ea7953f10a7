"""The most memory that a piece of work takes, in a process of its own."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

import psutil

P = ParamSpec("P")
T = TypeVar("T")
EVERY = 0.002  # seconds between two looks
HEAVY = ["kindling.data.image_folder"]  # imported once, where the system can fork


def alone(work: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """What a function of a module returns in a process that does nothing else."""
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if forks else "spawn")
    if forks:
        multiprocessing.set_forkserver_preload(HEAVY)
    with ProcessPoolExecutor(1, context, start_by, (multiprocessing.get_start_method(),)) as pool:
        return pool.submit(work, *arguments, **options).result()


def start_by(method: str) -> None:
    """Have this process start its children as any run does, not as it was started itself."""
    multiprocessing.set_start_method(method, force=True)


def anonymous(pid: int) -> int:
    """Bytes of a process that no file holds; elsewhere than on Linux those that it shares with none."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon:")), 0)
    except OSError:
        try:
            return int(psutil.Process(pid).memory_full_info().uss)
        except psutil.NoSuchProcess:
            return 0


class Watch:
    """The peak of what this process, and the children that are told of, take above what they started with."""

    def __init__(self) -> None:
        self.start = {os.getpid(): anonymous(os.getpid())}  # bytes
        self.peak = 0  # bytes

    def add(self, pids: list[int], before: int) -> None:
        """Watch children too, which started when this process had `before` bytes: they share those."""
        self.start = {**self.start, **dict.fromkeys(pids, before)}

    def look(self) -> None:
        """Remember the sum over the processes if it is the highest yet."""
        self.peak = max(self.peak, sum(max(0, anonymous(pid) - start) for pid, start in self.start.items()))


@contextmanager
def watched() -> Iterator[Watch]:
    """Watch the memory until the end of the block."""
    watch, done = Watch(), threading.Event()

    def keep_looking() -> None:
        while not done.wait(EVERY):
            watch.look()

    thread = threading.Thread(target=keep_looking)
    thread.start()
    try:
        yield watch
    finally:
        done.set()
        thread.join()
