"""What a target column holds: classes or numbers. Light enough for the checks that run before torch."""

import pydoc
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from kindling.error import ConfigError, DataError
from kindling.source.column import Column
from kindling.source.reader import Header, Name, Table, read_table

Kind = Literal["class", "real"]
MOST_COUNTED = 20  # classes numbered from 0 or 1 without a gap; more of them are taken for counts
MOST_CLASSES = 1000


def find_task(data: Mapping[str, Any]) -> str:
    """The task that suits the target of these data settings; raises UserError where it can't be found."""
    if data.get("target_path"):
        array = open_array(data["target_path"], "target_path")
        return "regression" if array.size > len(array) else task_of(np.unique(array))
    if "target" not in data or "path" not in data:
        raise ConfigError("task=auto: expected data with a target column, as data=csv; choose another task")
    table = read_settings(data["path"], **{key: data[key] for key in ("header", "delimiter", "categorical")})
    return task_of(distinct(target_column(table, data["target"])))


def read_settings(path: str, header: Header, delimiter: str, categorical: Sequence[Name]) -> Table:
    """The table that these settings describe."""
    if header not in ("auto", True, False):
        raise ConfigError(f"data.header: expected auto, true, false, got {header}")
    if delimiter != "auto" and len(str(delimiter)) != 1:
        raise ConfigError(f"data.delimiter: expected auto or one character, got {delimiter}")
    return read_table(Path(path).expanduser(), header, str(delimiter), categorical)


def kind_of(task: str) -> Kind:
    """What the class of that name wants to predict; the task is imported for it, and so is torch."""
    found: Kind = getattr(pydoc.locate(task), "kind", "class")
    return found


def target_column(table: Table, target: Name) -> Column:
    """The column to predict, without a stray word; raises DataError."""
    column = table.column(target, "target")
    table.require_clean(column)
    if column.dates:
        raise DataError(f"{table.path}, column {column.name}: expected classes or numbers, got dates")
    return column


def open_array(path: str, setting: str) -> NDArray[Any]:
    """A memory-mapped .npy file; raises DataError where there is none."""
    file = Path(path).expanduser()
    try:
        found: NDArray[Any] = np.load(file, mmap_mode="c", allow_pickle=False)
    except FileNotFoundError:
        raise DataError(f"{file}: expected a .npy file, got nothing there; set data.{setting}") from None
    except (ValueError, EOFError, IsADirectoryError) as error:
        raise DataError(f"{file}: expected a .npy file of numbers ({error})") from None
    if not isinstance(found, np.ndarray) or found.dtype.kind not in "biuf" or not found.size:
        raise DataError(f"{file}: expected an array of numbers in a .npy file, got another kind or none")
    return found if found.dtype.isnative else found.astype(found.dtype.newbyteorder("="))


def distinct(column: Column) -> list[str] | NDArray[Any]:
    """The different values in order, without those that are missing."""
    if column.words:
        return sorted(set(column.words) - {""})
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


def class_names(values: list[str] | NDArray[Any], where: str) -> tuple[str, ...]:
    """The different values as names of classes; raises DataError where they can't be."""
    names = tuple(values) if isinstance(values, list) else tuple(f"{value:g}" for value in values)
    if len(names) < 2:
        raise DataError(f"{where}: expected two classes or more, got only {', '.join(names)}")
    if len(names) > MOST_CLASSES:
        hint = "leave it to task=regression" if not isinstance(values, list) else "is it an id?"
        raise DataError(f"{where}: expected at most {MOST_CLASSES} classes, got {len(names)}; {hint}")
    return names
