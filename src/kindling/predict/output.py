"""Predictions as they come, to a file that is there whole or not at all, or to standard output."""

import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from io import TextIOWrapper
from typing import Any, BinaryIO, TextIO

from kindling.error import ConfigError, DataError, MachineError, one_line
from kindling.source.path import user_path
from kindling.source.whole import require_possible, written_whole

Columns = Mapping[str, Sequence[Any]]
STANDARD_OUTPUT = "-"
GROUP = 2**17  # rows that Parquet keeps together


class Output:
    """Appends columns of a table; all have the names of the first."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self.names: list[str] = []

    def write(self, columns: Columns) -> None:
        """The next rows; raises DataError where they have other columns than those before."""
        self.names = self.names or list(columns)
        if list(columns) != self.names:
            expected, got = (", ".join(names) for names in (self.names, columns))
            raise DataError(f"input: expected {expected} to name each row, got {got}; predict them apart")

    def close(self) -> None:
        """Write what has waited."""
        self.file.flush()


class CSV(Output):
    """Rows of text below a header."""

    def __init__(self, file: TextIO) -> None:
        super().__init__(file)
        self.writer = csv.writer(file, lineterminator="\n")

    def write(self, columns: Columns) -> None:
        """The next rows."""
        if not self.names:
            self.writer.writerow(columns)
        super().write(columns)
        self.writer.writerows(zip(*columns.values(), strict=True))


class JSONLines(Output):
    """An object a line."""

    def write(self, columns: Columns) -> None:
        """The next rows."""
        super().write(columns)
        for row in zip(*columns.values(), strict=True):
            self.file.write(json.dumps(dict(zip(self.names, row, strict=True)), ensure_ascii=False) + "\n")


class Parquet(Output):
    """Columns of numbers and texts, by pyarrow."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.arrow, self.parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
        self.waiting: list[Any] = []
        self.writer: Any = None

    def write(self, columns: Columns) -> None:
        """The next rows, once they are many."""
        super().write(columns)
        self.waiting.append(self.arrow.table({name: list(values) for name, values in columns.items()}))
        if sum(table.num_rows for table in self.waiting) >= GROUP:
            self._flush()

    def close(self) -> None:
        """The last rows, and what tells where all are."""
        self._flush()
        if self.writer:
            self.writer.close()
        super().close()

    def _flush(self) -> None:
        if self.waiting:
            table = self.arrow.concat_tables(self.waiting)
            self.writer = self.writer or self.parquet.ParquetWriter(self.file, table.schema)
            self.writer.write_table(table)
            self.waiting = []


FORMS: dict[str, type[Output]] = {".csv": CSV, ".jsonl": JSONLines, ".parquet": Parquet}


def require_writable(name: str, force: bool, inputs: Sequence[str] = ()) -> None:
    """Refuse a place that can't be written to, before anything is computed; raises UserError."""
    if name == STANDARD_OUTPUT:
        return
    path = user_path(name)
    if path.suffix not in FORMS:
        raise ConfigError(f"--output: expected a file ending in {', '.join(FORMS)} or -, got {name}")
    if path.is_dir() or not path.parent.is_dir():
        got = "a folder" if path.is_dir() else f"no folder {path.parent}"
        raise MachineError(
            f"--output: {name}: expected a file in a folder that is there, got {got}; name another"
        )
    if path.exists() and any(user_path(one).exists() and path.samefile(user_path(one)) for one in inputs):
        raise ConfigError(f"--output: {name}: is an input as well; name another")
    if path.exists() and not force:
        raise MachineError(f"--output: {name}: is there already; name another, or add --force to replace it")
    require_possible(path, "--output")
    if path.suffix == ".parquet":
        try:
            import_module("pyarrow.parquet")
        except ImportError as error:
            from kindling.package import install  # brings importlib.metadata: only where it is needed

            told = f"--output: {name}: pyarrow can't be imported ({one_line(error)})"
            raise MachineError(f"{told}; type: {install('pyarrow')}") from None


@contextmanager
def writing(name: str) -> Iterator[Output]:
    """What appends to a file of this name, which takes its place once all has gone well."""
    if name == STANDARD_OUTPUT:
        output: Output = CSV(sys.stdout)
        yield output
        output.close()
        return
    path = user_path(name)
    with written_whole(path) as file:
        form = FORMS[path.suffix]
        output = form(file if form is Parquet else TextIOWrapper(file, encoding="utf-8", newline=""))
        yield output
        output.close()
