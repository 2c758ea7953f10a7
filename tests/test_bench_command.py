"""What a command takes is told without its imports, or with every page that it has in memory."""

import sys
from pathlib import Path

import pytest

from scripts.benchmark.command import MB, Taken, memory, peak_of, taken
from scripts.benchmark.measure import Seconds


@pytest.mark.skipif(sys.platform == "win32", reason="Windows copies no process")
def test_a_command_is_told_its_own_seconds_and_memory(tmp_path: Path) -> None:
    script = tmp_path / "work.py"
    script.write_text(
        f"import time\nkept = bytearray(b'1') * (50 * {MB})\nend = time.process_time() + 0.3\n"
        "while time.process_time() < end: pass\ntime.sleep(0.2)"
    )
    found = taken(tmp_path, [str(script)])
    assert 50 <= found.peak / MB < 55
    assert 0.3 <= found.seconds.cpu < 0.5  # where the imports take seconds
    assert found.seconds.wall >= 0.5
    script.write_text("print('no luck'); raise SystemExit(3)")
    with pytest.raises(RuntimeError, match=r"work.py: exit code 3, no luck"):
        taken(tmp_path, [str(script)])


@pytest.mark.skipif(sys.platform != "linux", reason="other systems don't tell which pages a file holds")
def test_pages_of_a_file_count_as_resident_alone(tmp_path: Path) -> None:
    path, script = tmp_path / "file", tmp_path / "work.py"
    path.write_bytes(bytes(40 * MB))
    script.write_text(
        f"import mmap, time\nkept = bytearray(b'1') * (20 * {MB})\nfile = open({str(path)!r}, 'rb')\n"
        "pages = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)\nsum(pages[::4096])\ntime.sleep(0.1)"
    )
    found = peak_of(tmp_path, [str(script)])
    assert 20 <= found.anonymous / MB < 40
    assert found.resident - found.anonymous >= 40 * MB


def test_peaks_of_memory_are_compared_round_by_round() -> None:
    found = {
        name: [Taken(Seconds(1, 1), peak * MB) for peak in peaks]
        for name, peaks in {"large": (20, 30, 90), "small": (10, 10, 30)}.items()
    }
    row = memory(found, "large", "small", "work", "20 MB more", lambda large, small: large - small <= 20)
    assert (row.ratio, row.lowest, row.highest, row.reached) == (3, 2, 3, True)
    assert (row.name, row.medians) == ("work: large", "30.0 ÷ 10.0 MB")
