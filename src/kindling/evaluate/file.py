"""The rows of another file of the kind that a run was trained on, with their targets."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from kindling.callback.confusion_matrix import class_names
from kindling.data.image_folder import find_classes
from kindling.data.npy import open_targets
from kindling.data.spec import DataSpec
from kindling.error import ConfigError, DataError
from kindling.evaluate.cells import cells_of
from kindling.evaluate.rows import Rows
from kindling.predict.array import Batch, Reader
from kindling.predict.layout import first_of
from kindling.predict.rows import Part, Row, read_rows
from kindling.predict.rows import Rows as TableRows
from kindling.predict.series import Reader as SeriesReader
from kindling.predict.table import Reader as TableReader
from kindling.source.column import Growing, as_number, is_missing
from kindling.source.target import name_of, open_array
from kindling.source.text import opened

Pairs = Iterator[tuple[Batch, Tensor]]


class FileLoader:
    """Yields (inputs, targets) of a file, and keeps what tells its rows apart."""

    sampler = batch_sampler = None  # Lightning looks at both

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs
        self.names: dict[str, list[Any]] = {}

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        for batch, targets in self.pairs:
            for name, values in batch.names.items():
                self.names.setdefault(name, []).extend(values)
            yield batch.inputs, targets


def file_rows(reader: Reader, spec: DataSpec, path: Path, targets: Path | None) -> Rows:
    """Those of an array beside that of its targets, of images by class, a series or a table."""
    kind, cells = reader.reading["kind"], None
    if targets is not None:
        pairs = of_arrays(reader, spec, path, targets)
    elif kind == "image":
        pairs = of_images(reader, spec, path)
    elif isinstance(reader, TableReader) and (isinstance(reader, SeriesReader) or reader.layout.target):
        pairs, cells = of_table(reader, spec, path), partial(cells_of, path, reader.reading)
    else:
        raise ConfigError(f"--data: expected an array, as x.npy, for this run, got {path}; add --targets")
    loader = FileLoader(pairs)
    return Rows(path.name, loader, lambda: loader.names, cells=cells)


def of_arrays(reader: Reader, spec: DataSpec, path: Path, target_path: Path) -> Pairs:
    """Rows of an array, with targets of (rows), or (rows, numbers) to predict."""
    values, count = open_targets(str(target_path)), len(open_array(str(path), "path"))
    width = 1 if spec.target == "class" else spec.num_targets
    if len(values) != count or values.size != count * width:
        expected = f"({count}, {width})" if width > 1 else f"({count},)"
        raise DataError(f"{target_path}: expected an array of {expected} as {path} has, got {values.shape}")
    if spec.target == "real":
        return paired(reader.read(path), torch.from_numpy(values).float().reshape(count, width))

    def fail(row: int, what: str) -> DataError:
        return DataError(f"{target_path}, row {row}: {what}; mend it")

    words = [name_of(value) for value in values.reshape(-1).tolist()]
    return paired(reader.read(path), class_numbers(words, spec, fail))


def of_images(reader: Reader, spec: DataSpec, folder: Path) -> Pairs:
    """Images sorted into folders by class."""
    if not folder.is_dir():
        raise DataError(f"{folder}: expected a folder with one of images for each class, got a file")
    found, names = find_classes(folder, ""), class_names(spec)
    for name in found:
        if name not in names:
            raise DataError(f"{folder / name}: expected a class of {first_of(names)}, got {name}; rename it")
    files = [folder / file.name for images in found.values() for file in images]
    labels = [names.index(name) for name, images in found.items() for _ in images]
    return paired(reader.read(files), torch.tensor(labels))


def of_table(reader: TableReader, spec: DataSpec, path: Path) -> Pairs:
    """Rows of a table with its target, or windows of a series with what follows each."""
    if path.is_dir():
        raise DataError(f"{path}: expected a CSV file, got a folder; name its file")
    with opened(path) as file:
        rows = read_rows(file, path, reader.layout)
        name = reader.layout.target or reader.layout.wanted[0]
        replace(reader.layout, wanted=[name]).require(rows.names, str(path))
        targets = Targets(rows, name, spec)
        if not isinstance(reader, SeriesReader):
            yield from ((batch, targets.read()) for batch in reader.batches(rows))
            return
        batches = list(reader.batches(rows))
        following = targets.read()[reader.reading["steps"] :, 0]
        if len(following) < spec.num_targets:
            raise DataError(f"{path}: expected {spec.num_targets} rows or more behind the first window")
        yield from paired(batches, following.unfold(0, spec.num_targets, 1))  # (windows, horizon)


class Targets:
    """The target column of rows, which it watches as they are read."""

    def __init__(self, rows: TableRows, name: str, spec: DataSpec) -> None:
        self.name = name
        self.spec = spec
        self.place = list(rows.names).index(name)
        self.path, self.unit = rows.path, rows.unit
        self.seen: list[tuple[int, str]] = []  # line and cell
        rows.rows = self._watched(rows.rows)

    def read(self) -> Tensor:
        """Those that were seen since the last time: (rows) of classes, or (rows, 1); raises DataError."""
        lines, cells = zip(*self.seen, strict=True)
        self.seen = []
        growing = Growing(self.name, categorical=self.spec.target == "class")
        growing.add(cells)
        column = growing.column()
        part = Part(self.path, [column], lines, unit=self.unit)
        part.require_clean(column, as_numbers=self.spec.target == "real")
        if column.missing.any():
            raise part.fail(column, int(column.missing.argmax()), "expected a target, got none")
        if self.spec.target == "real":
            return torch.from_numpy(column.numbers).float()[:, None]
        return class_numbers(column.words, self.spec, partial(part.fail, column))

    def _watched(self, rows: Iterator[Row]) -> Iterator[Row]:
        for row in rows:
            self.seen.append((row.line, row.cells[self.place]))
            yield row


def paired(batches: Iterable[Batch], targets: Tensor) -> Pairs:
    """Each batch with its targets, as far as these go."""
    start = 0
    for batch in batches:
        found = targets[start : start + len(batch.inputs)].contiguous()
        start += len(batch.inputs)
        if len(found):
            names = {name: values[: len(found)] for name, values in batch.names.items()}
            yield Batch(names, batch.inputs[: len(found)]), found


def class_numbers(words: Sequence[str], spec: DataSpec, fail: Callable[[int, str], DataError]) -> Tensor:
    """Classes by their names or, where none is called by a number, by their numbers from 0."""
    names = class_names(spec)
    known = {name: at for at, name in enumerate(names)}
    if all(as_number(name) is None or is_missing(name) for name in names):
        known |= {str(at): at for at in range(len(names))}
    places = {}
    for word in dict.fromkeys(words):
        number = as_number(word)
        told = word.strip() if number is None or number != number else name_of(number)
        places[word] = known.get(word.strip(), known.get(told))
        if places[word] is None:
            raise fail(words.index(word), f"expected a class of {first_of(names)}, got {word}")
    return torch.tensor([places[word] for word in words])
