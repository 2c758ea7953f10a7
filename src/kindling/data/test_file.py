"""The file with a table's official test rows: its columns are read as those of the table are."""

from collections.abc import Sequence
from dataclasses import replace

from kindling.source.path import Location
from kindling.source.reader import Table
from kindling.source.target import read_settings

SETTING = "test_path"


def open_test(table: Table, words: Sequence[str], target: str, path: Location, delimiter: str) -> Table:
    """Its columns by the names of the table's; `words` are those that hold words, where they are there."""
    names = [column.name for column in read_settings(path, table.named, delimiter, (), 0, SETTING).columns]
    if table.named:
        told = [word for word in words if word in names]
        return read_settings(path, True, delimiter, told, 0, SETTING)
    ours = [column.name for column in table.columns]
    if len(names) < len(ours):
        ours.remove(target)  # the columns behind it have moved up
    at = [ours.index(word) for word in words if word in ours]
    test = read_settings(path, False, delimiter, at, 0, SETTING)
    columns = zip(test.columns, ours, strict=False)
    return replace(test, columns=[replace(column, name=name) for column, name in columns])
