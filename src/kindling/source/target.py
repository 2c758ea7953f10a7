"""What a target column holds: classes or numbers. Light enough for the checks that run before torch."""

import pydoc
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from kindling.error import ConfigError, DataError
from kindling.source.column import Column
from kindling.source.path import Location, user_path
from kindling.source.reader import Header, Name, Table, read_table

Kind = Literal["class", "real"]
MOST_COUNTED = 20  # classes numbered from 0 or 1 without a gap; more of them are taken for counts
MOST_CLASSES = 1000
TORCH_NUMBERS = ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64"]


def find_task(data: Mapping[str, Any]) -> str:
    """The task that suits the target of these data settings; raises UserError where it can't be found."""
    if data.get("target_path"):
        array = open_array(data["target_path"], "target_path")
        return "regression" if array.size > len(array) else task_of(np.unique(array))
    if "target" not in data or "path" not in data:
        raise ConfigError("task=auto: expected data with a target column, as data=csv; choose another task")
    names = ("path", "header", "delimiter", "categorical", "target")
    table = read_settings(*(data[name] for name in names))
    return task_of(distinct(target_column(table, data["target"])))


def read_settings(
    path: Location,
    header: Header,
    delimiter: str,
    categorical: Sequence[Name],
    wanted: Name = 0,
    setting: str = "path",
) -> Table:
    """The table that these settings describe, in which there should be the column `wanted`."""
    if header not in ("auto", True, False):
        raise ConfigError(f"data.header: expected auto, true, false, got {header}")
    mark = as_mark(delimiter)
    if mark != "auto" and (len(mark) != 1 or mark in '\r\n"'):
        raise ConfigError(f"data.delimiter: expected auto, tab or one character, got {delimiter}")
    return read_table(user_path(path), header, mark, as_list(categorical), [wanted], setting)


def as_mark(delimiter: str) -> str:
    """The character that a setting means, or auto."""
    return {"tab": "\t", "\\t": "\t"}.get(str(delimiter), str(delimiter))


def as_list(names: Any) -> list[Name]:
    """A setting that takes several names, of which one may stand alone."""
    return list(names) if isinstance(names, list | tuple) else [names]


def kind_of(task: str) -> Kind:
    """What the class of that name wants to predict; the task is imported for it, and so is torch."""
    found: Kind = getattr(pydoc.locate(task), "kind", "class")
    return found


def target_column(table: Table, target: Name) -> Column:
    """The column to predict, without a stray word; raises DataError."""
    column = table.column(target, "target")
    table.require_clean(column)
    where = f"{table.path}, column {column.name}: expected classes or numbers"
    if column.dates:
        raise DataError(f"{where}, got dates; name another data.target")
    if column.odd_numbers and not column.told:
        example = next(iter(column.categories))
        raise DataError(f"{where} such as 1234.5, got {example!r}; write them so")
    if column.missing.all():
        raise DataError(f"{where}, got none at all; name another data.target")
    return column


def open_array(path: Location, setting: str) -> NDArray[Any]:
    """A memory-mapped .npy file; raises DataError where there is none.

    Numbers of a kind that torch does not work with are copied to one that it does.
    """
    file = user_path(path)
    if not file.is_file():
        got = "something else" if file.exists() else "nothing there"
        raise DataError(f"{file}: expected a .npy file, got {got}; set data.{setting}")
    try:
        found: NDArray[Any] = np.load(file, mmap_mode="c", allow_pickle=False)
    except (ValueError, EOFError):  # numpy speaks of pickles, which nobody asked for
        raise DataError(f"{file}: expected a whole .npy file of numbers; save it with numpy.save") from None
    if not isinstance(found, np.ndarray) or found.dtype.kind not in "biuf" or not (found.ndim and found.size):
        raise DataError(f"{file}: expected an array of numbers in a .npy file, got another kind or none")
    if found.dtype.isnative and found.dtype.name in TORCH_NUMBERS:
        return found
    return found.astype(np.float64 if found.dtype.kind == "f" else np.int64)


def distinct(column: Column) -> list[str] | NDArray[Any]:
    """The different values in order, without those that are missing."""
    if column.words:
        return column.categories
    return np.unique(column.numbers[~np.isnan(column.numbers)])


def task_of(values: list[str] | NDArray[Any]) -> str:
    """`binary` for two values, `classification` for words and for counted classes, else `regression`."""
    if len(values) == 2:
        return "binary"
    if isinstance(values, list):
        return "classification"
    first, counted = values[0], np.arange(len(values))
    is_counted = first in (0, 1) and len(values) <= MOST_COUNTED and np.array_equal(values, counted + first)
    return "classification" if is_counted else "regression"


def class_names(values: list[str] | NDArray[Any], where: str, rows: int) -> tuple[str, ...]:
    """The different values of so many rows as names of classes; raises DataError where they can't be."""
    names = tuple(values) if isinstance(values, list) else tuple(map(name_of, values.tolist()))
    if len(names) < 2:
        raise DataError(f"{where}: expected two classes or more, got only {', '.join(names)}")
    most = min(MOST_CLASSES, max(2, rows // 2))
    if len(names) > most:
        hint = "leave it to task=regression" if not isinstance(values, list) else "is it an id?"
        raise DataError(f"{where}: expected at most {most} classes in {rows} rows, got {len(names)}; {hint}")
    return names


def name_of(value: float) -> str:
    """A number that stands for a class, in full."""
    return str(int(value)) if value == int(value) else repr(value)
