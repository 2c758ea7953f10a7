"""The numbers of an evaluation as tables for a terminal."""

from collections.abc import Iterator
from typing import Any

from kindling.run.table import Column, column

DIGITS = 4
MOST = 40  # lines


def tables(numbers: dict[str, Any]) -> Iterator[list[Column]]:
    """The metrics, then a line for each class or number to predict; of many those that do worst."""
    metrics, error = dict(numbers["metrics"]), numbers.get("calibration_error")
    if error is not None and not any(name.endswith("/calibration_error") for name in metrics):
        metrics["calibration error"] = error
    yield [column("metric", metrics), column("value", metrics.values(), DIGITS)]
    rows = numbers.get("classes") or numbers.get("targets") or []
    if len(rows) > MOST:
        key = "f1" if "classes" in numbers else "r2"
        rows = sorted(rows, key=lambda row: row[key] if row[key] is not None else 2)[:MOST]
    if rows:
        yield [
            column(name, ["" if row[name] is None else row[name] for row in rows], DIGITS) for name in rows[0]
        ]
