"""A look at a set in words and numbers: what is in it, and what to heed before training on it."""

from collections.abc import Iterable, Iterator, Sequence
from math import prod

import torch
from torch import Tensor

from kindling.data.base import DataModule
from kindling.data.csv import CSV
from kindling.data.loader import Split
from kindling.data.normalize import minmax, standard
from kindling.data.spec import describe_shape
from kindling.data.timeseries import TimeSeries

MOST_CLASSES = 20
MOST_COLUMNS = 30
UNEVEN = 3  # from so many times the rows of the smallest class on, the largest may drown it
LONGEST = 32  # letters of a name


def describe(data: DataModule, word: str) -> str:
    """All facts, on about one screen, of a set that is set up; `word` is what it is called in `data=`."""
    rows = count_targets(data) if data.spec.target == "class" else measure_targets(data)
    facts = [head(data, word), count_rows(data), rows, measure_inputs(data), find_missing(data)]
    return "\n\n".join("\n".join(lines) for lines in [*facts, weigh_forecast(data)] if lines)


def head(data: DataModule, word: str) -> list[str]:
    """What a sample and a target are."""
    spec = data.spec
    several = f"{spec.num_targets} " if spec.target == "real" and spec.num_targets > 1 else ""
    inputs = prod(spec.input_shape)
    sample = f"{describe_shape(spec.input_shape)}, {inputs:,} {'input' if inputs == 1 else 'inputs'} in all"
    return [f"data={word}: {sample}; the target: {several}{spec.describe_target()}"]


def count_rows(data: DataModule) -> list[str]:
    """How many rows each split has, and which share of those with a target."""
    counts = {name: len(split) for name, split in data.splits.items()}
    total = sum(counts.values())
    cells = [[name, f"{count:,}", f"{count / total:.1%}"] for name, count in counts.items()]
    if data.unlabelled is not None:
        cells.append(["to predict", f"{len(data.unlabelled):,}", ""])
    fold = f" (fold {data.fold.number} of {data.fold.count} is val)" if data.fold else ""
    return align([[f"split{fold}", "rows", "share"], *cells])


def count_targets(data: DataModule) -> list[str]:
    """Rows of each class in each split, with their share, and what to do where they are uneven."""
    names = data.spec.class_names or tuple(map(str, range(data.spec.num_targets)))
    counts = {
        name: split.targets[split.rows].bincount(minlength=len(names)) for name, split in data.splits.items()
    }
    cells = [
        [shorten(name), *(f"{count[at]:,} {count[at] / count.sum():6.1%}" for count in counts.values())]
        for at, name in enumerate(names)
    ]
    train = counts["train"]
    most, least = int(train.argmax()), int(train.argmin())
    hint = f"uneven: {shorten(names[most])} has {train[most]:,} training rows, {shorten(names[least])} "
    hint += f"{train[least]:,}; consider one of task.class_weights=balanced and data.balanced=true"
    is_uneven = train[most] > UNEVEN * train[least] and not data.balanced
    return [*align([["class", *counts], *cells], MOST_CLASSES), *([hint] if is_uneven else [])]


def measure_targets(data: DataModule) -> list[str]:
    """Range, mean and standard deviation of the numbers to predict, several of them taken together."""
    cells = []
    for name, split in data.splits.items():
        found = split.targets[split.rows].double()
        cells.append([name, *map(number, (found.min(), found.mean(), found.max(), found.std(correction=0)))])
    return align([["target", "min", "mean", "max", "std"], *cells])


def measure_inputs(data: DataModule) -> list[str]:
    """Range, mean and standard deviation of each feature, column or channel in the training split."""
    axes = len(data.spec.input_shape)
    what = {1: "feature", 2: "column", 3: "channel"}[axes]
    found = measure(data.splits["train"], images=axes == 3)
    names = input_names(data)
    cells = [[shorten(name), *map(number, row)] for name, row in zip(names, found.T, strict=True)]
    heading = [f"{what} (training split)", "min", "mean", "max", "std"]
    if axes == 1:
        missing = missing_by_feature(data)
        heading.append("missing")
        cells = [[*row, f"{missing.get(name, 0):,}"] for name, row in zip(names, cells, strict=True)]
    return align([heading, *cells], MOST_COLUMNS)


def measure(split: Split, images: bool) -> Tensor:
    """Smallest value, mean, largest value and standard deviation, in one pass: (4, columns or channels)."""
    bounds: list[tuple[Tensor, Tensor]] = []

    def watched() -> Iterator[Tensor]:
        for part in split.parts():
            low, extent = minmax([part], images)
            bounds.append((low, low + extent))
            yield part

    mean, deviation = standard(watched(), images)
    lowest, highest = (torch.stack(side) for side in zip(*bounds, strict=True))
    return torch.stack([lowest.amin(0), mean, highest.amax(0), deviation])


def input_names(data: DataModule) -> Sequence[str]:
    """A name for each feature, column or channel: its number where the set gives none."""
    shape, names = data.spec.input_shape, data.spec.feature_names
    count = shape[0] if len(shape) == 3 else shape[-1]
    return names if len(names) == count and len(shape) < 3 else tuple(map(str, range(count)))


def missing_by_feature(data: DataModule) -> dict[str, int]:
    """How many cells each feature lacks in its file; nothing for a set that can lack none."""
    if not isinstance(data, CSV):
        return {}
    counts = {column.name: int(column.missing.sum()) for column in data.table.columns}
    return {name: counts[feature.name] for feature in data.encoder.features for name in feature.names}


def find_missing(data: DataModule) -> list[str]:
    """How many cells are missing in each column of somebody's own file, be it learned from or not."""
    if not isinstance(data, CSV | TimeSeries):
        return []
    table = data.table
    counts = {column.name: int(column.missing.sum()) for column in table.columns}
    found = [f"{shorten(name)} {count:,}" for name, count in counts.items() if count]
    more = f", … {len(found) - MOST_COLUMNS} more" if len(found) > MOST_COLUMNS else ""
    words = f"{', '.join(found[:MOST_COLUMNS])}{more}" if found else "none"
    return [f"missing cells in the {len(table.lines):,} rows of {table.path.name}, by column: {words}"]


def weigh_forecast(data: DataModule) -> list[str]:
    """The error of a forecast that costs nothing."""
    if not isinstance(data, TimeSeries):
        return []
    errors = ", ".join(f"{name} {number(data.naive_error(name))}" for name in ("val", "test"))
    return [f"what a forecast has to beat, the mean absolute error of repeating the last value: {errors}"]


def align(rows: Iterable[Sequence[str]], most: int | None = None) -> list[str]:
    """Lines with the first cells to the left and all others to the right; at most so many under the first."""
    heading, *others = rows
    shown = [heading, *others[:most]]
    first, *rest = (max(map(len, column)) for column in zip(*shown, strict=True))
    lines = [
        "  ".join(
            [row[0].ljust(first), *(cell.rjust(width) for cell, width in zip(row[1:], rest, strict=True))]
        )
        for row in shown
    ]
    more = [f"… {len(others[most:]):,} more"] if most is not None and len(others) > most else []
    return [line.rstrip() for line in lines] + more


def number(value: Tensor | float) -> str:
    """Four digits, and thousands in full."""
    value = float(value)
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e12 else f"{value:.4g}"


def shorten(name: str, longest: int = LONGEST) -> str:
    """A name that leaves room for what stands beside it."""
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
