"""The figures of README.md's table: a line whose first cell is a row's name gets what was measured."""

from collections.abc import Sequence
from pathlib import Path

from .measure import Row


def renew(readme: Path, rows: Sequence[Row]) -> int:
    """Write the ratio and its spread behind each name of the rows; returns how many lines have one."""
    figures = {f"{row.name} ÷ {row.against}": row.figures for row in rows}
    lines = readme.read_text(encoding="utf-8").splitlines(keepends=True)
    renewed = 0
    for number, line in enumerate(lines):
        name = line.strip("| \n").partition(" | ")[0]
        if line.startswith("| ") and name in figures:
            lines[number] = f"| {' | '.join([name, *figures[name]])} |\n"
            renewed += 1
    readme.write_text("".join(lines), encoding="utf-8", newline="\n")
    return renewed
