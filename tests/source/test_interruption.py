"""A file under its final name is whole and right, whatever the disk, a kill or other processes do."""

import errno
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kindling.source.archive import Archive
from kindling.source.download import provide
from tests.source.mirror import PARTS, Serve, names, pack, pack_parts


@pytest.mark.parametrize("step", range(1, 6))
def test_a_full_disk_is_passed_on_and_leaves_nothing_half(
    step: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush, calls = os.fsync, iter(range(1, 100))

    def full(descriptor: int) -> None:
        if next(calls) == step:
            raise OSError(errno.ENOSPC, "No space left on device")
        flush(descriptor)

    archive = pack_parts(tmp_path / "mirror")
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        provide([archive], tmp_path / "cache", [tmp_path / "mirror"])
    assert_whole(tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*.tmp"))
    provide([archive], tmp_path / "cache", [tmp_path / "mirror"])


def assert_whole(folder: Path) -> None:
    """Every part that has its final name is right; so is the checksum beside it."""
    for name, content in PARTS.items():
        path = folder / Path(name).name
        if path.exists():
            assert path.read_bytes() == content
            assert path.with_name(f"{path.name}.sha256").is_file()


def start(archive: Archive, folder: Path, address: str) -> subprocess.Popen[bytes]:
    lines = [
        "from pathlib import Path",
        "from kindling.source.archive import Archive, Member",
        "from kindling.source.download import provide",
        f"provide([{archive!r}], Path({str(folder)!r}), [{address!r}])",
    ]
    return subprocess.Popen([sys.executable, "-W", "error", "-c", "\n".join(lines)])


def test_eight_processes_at_once_make_one_request(serve: Serve, tmp_path: Path) -> None:
    archive, packed = pack()
    gate = threading.Event()
    server = serve(packed, stall=gate)
    started = [start(archive, tmp_path, server.address) for _ in range(8)]
    while not server.asked:
        time.sleep(0.01)
    time.sleep(0.5)  # the others come and wait
    gate.set()
    assert [process.wait(20) for process in started] == [0] * 8
    assert server.asked == [None]
    assert names(tmp_path) == ["numbers"]


@pytest.mark.parametrize("kills", [10, pytest.param(100, marks=pytest.mark.full)])
def test_a_kill_at_any_moment_leaves_nothing_half(kills: int, serve: Serve, tmp_path: Path) -> None:
    archive = pack_parts(tmp_path / "mirror")
    server = serve((tmp_path / "mirror" / archive.name).read_bytes(), pause=0.01)
    cache, moments = tmp_path / "cache", random.Random(kills)
    for _ in range(kills):
        requests = len(server.asked)
        process = start(archive, cache, server.address)
        while len(server.asked) == requests and process.poll() is None:
            time.sleep(0.005)
        time.sleep(moments.uniform(0, 0.2))
        process.kill()
        process.wait()
        assert_whole(cache)
        if (cache / "c.bin").exists():
            for path in cache.glob("*.bin"):
                path.unlink()
    provide([archive], cache, [server.address])
    assert_whole(cache)
    assert all((cache / Path(name).name).exists() for name in PARTS)
