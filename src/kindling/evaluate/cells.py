"""The rows of a table as they stand in its file: what the network gets has no gaps and no words."""

from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from kindling.predict.layout import Layout
from kindling.predict.rows import read_rows
from kindling.source.text import opened


class Known(Layout):
    """That of a file which has been read before."""

    def tell_of_others(self, names: Collection[str], where: str) -> None:
        """It has been told."""


def cells_of(path: Path, reading: Mapping[str, Any], rows: Sequence[int]) -> dict[str, list[str]]:
    """The columns of some rows, counted from 0, but for the target."""
    layout, wanted = Known.of(reading), set(rows)
    with opened(path) as file:
        table = read_rows(file, path, layout)
        found = {row.number: row.cells for row in islice(table.rows, max(rows) + 1) if row.number in wanted}
    columns = {name: at for at, name in enumerate(table.names) if name != layout.target}
    return {name: [found[row][at] for row in rows] for name, at in columns.items()}
