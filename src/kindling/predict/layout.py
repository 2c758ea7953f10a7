"""The columns that a trained run looks for in other tables."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kindling.error import DataError, suggest

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Layout:
    """How the table is laid out that a run was trained on."""

    wanted: Sequence[str]  # the columns that are learned from
    names: Sequence[str]  # all columns, in their order
    target: str | None  # which may be missing, as is what was dropped
    id: str | None
    header: bool
    delimiter: str  # or auto

    @classmethod
    def of(cls, reading: Mapping[str, Any]) -> "Layout":
        """That which a checkpoint tells."""
        wanted = [str(column["name"]) for column in reading["columns"]]
        target, rows_id = reading.get("target"), reading.get("id")
        delimiter = reading.get("delimiter", "auto")
        return cls(wanted, reading["names"], target, rows_id, bool(reading["header"]), delimiter)

    def by_position(self, count: int, where: str) -> list[str]:
        """What so many cells without names are: all columns, all but the target, or those to learn from."""
        forms = [self.names, [name for name in self.names if name != self.target], self.wanted]
        found = next((list(names) for names in forms if len(names) == count), None)
        if found is None:
            counts = " or ".join(map(str, dict.fromkeys(len(names) for names in reversed(forms))))
            raise DataError(f"{where}: expected {counts} cells, got {count}; mend the line")
        return found

    def require(self, names: Collection[str], where: str) -> None:
        """Refuse a table without a column that is needed; raises DataError."""
        lacking = next((name for name in self.wanted if name not in names), None)
        if lacking is not None:
            hint = suggest(lacking, list(map(str, names))) or "; add it"
            raise DataError(f"{where}: expected a column {lacking}, got {first_of(names)}{hint}")

    def tell_of_others(self, names: Collection[str], where: str) -> None:
        """Say which columns are of no use; those that the training's table had as well are expected."""
        others = [name for name in names if name not in self.names]
        if others:
            log.warning("%s: not used: %s", where, first_of(others))


def first_of(names: Collection[Any]) -> str:
    """The first few, for a message."""
    shown = ", ".join(map(str, list(names)[:8])) or "none"
    return f"{shown}, …" if len(names) > 8 else shown
