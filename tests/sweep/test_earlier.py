"""What is done already is told, and whether the code or the data are newer."""

import os
from pathlib import Path

import pytest

from kindling.sweep import earlier
from tests.sweep.made import leave_sweep

YEAR = 365 * 86400.0


@pytest.fixture
def sweep(tmp_path: Path) -> Path:
    """Two jobs that are done, a year later than any file of the project, and one that failed."""
    folder = leave_sweep(tmp_path / "s", {0.1: [0.5], 0.2: [0.4], 0.3: [None]})
    late = max(path.stat().st_mtime for path in earlier.PACKAGE.rglob("*.py")) + YEAR
    for job in folder.glob("0*"):
        (job / "environment.json").touch()
        os.utime(job / "environment.json", (late, late))
    return folder


def test_what_is_done_is_counted(sweep: Path) -> None:
    assert earlier.told(sweep) == ["done before, and not trained again: 2 jobs"]


def test_nothing_is_said_where_nothing_is_done(tmp_path: Path) -> None:
    assert earlier.told(leave_sweep(tmp_path / "s", {0.1: [None]})) == []


def test_newer_data_are_told(sweep: Path, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.touch()
    (sweep / "000-00000000" / "config.yaml").write_text(f"data: {{path: {table}, target: price, rows: 5}}")
    assert "has changed" not in earlier.told(sweep)[0]
    os.utime(table, (2 * YEAR + table.stat().st_mtime,) * 2)
    (line,) = earlier.told(sweep)
    assert line.endswith(f"; {table} has changed since: sweep.fresh=true trains all of them anew")


def test_newer_code_is_told(sweep: Path) -> None:
    os.utime(sweep / "001-00000001" / "environment.json", (0, 0))
    assert ".py has changed since: sweep.fresh=true" in earlier.told(sweep)[0]
