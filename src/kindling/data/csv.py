"""Somebody's own table: a CSV file with the column to predict."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from kindling.data.base import DataModule
from kindling.data.divide import require
from kindling.data.group import number_groups, require_others, values_of
from kindling.data.loader import Split
from kindling.data.normalize import Statistics
from kindling.data.reading import table_reading
from kindling.data.spec import DataSpec
from kindling.data.test_file import open_test
from kindling.error import ConfigError, DataError
from kindling.source.column import Column
from kindling.source.feature import Encoder, Missing, make_feature
from kindling.source.path import Location
from kindling.source.reader import Header, Name, Table
from kindling.source.target import (
    Kind,
    as_list,
    as_mark,
    class_names,
    distinct,
    kind_of,
    read_settings,
    target_column,
)


class CSV(DataModule):
    """Columns of numbers as they are, and columns of words as one number a category.

    `task` names the class of the task that is to learn it: it says whether the target is read as
    classes or as numbers. `group` names a column whose rows with the same value stay in one split.
    `test_path` is an official test split or, where it has no target, rows to predict at the end.
    """

    sample = "table"

    def __init__(
        self,
        path: Location,
        target: Name,
        task: str = "",
        header: Header = "auto",
        delimiter: str = "auto",
        categorical: Name | Sequence[Name] = (),
        drop: Name | Sequence[Name] = (),
        id_column: Name | None = None,
        group: Name | None = None,
        test_path: Location | None = None,
        missing: Missing = "error",
        **shared: Any,
    ) -> None:
        super().__init__(**shared)
        self.delimiter = as_mark(delimiter)
        self.table = read_settings(path, header, delimiter, as_list(categorical), target)
        self.target = target_column(self.table, target)
        self.id = None if id_column is None else self.table.column(id_column, "id_column").name
        require("id_column", id_column, "another column than the target", self.id != self.target.name)
        self.group = None if group is None else self.table.column(group, "group")
        require("group", group, "another column than the target", self.group is not self.target)
        dropped = {self.table.column(key, "drop").name for key in as_list(drop)}
        require("drop", self.target.name, "other columns than the target", self.target.name not in dropped)
        unused = dropped | {self.target.name, self.id, self.group and self.group.name}
        used = [column for column in self.table.columns if column.name not in unused]
        if not used:
            raise DataError(f"{self.table.path}: expected columns beside the target, got none")
        self.encoder = Encoder([make_feature(self.table, column) for column in used], missing)
        self.spec = self._describe(kind_of(task))
        self.test = self._open_test(test_path, delimiter) if test_path else None

    def make_splits(self) -> dict[str, Split]:
        """The rows of the file under `train`, `val` and `test`; with an official test file, that one."""
        official = self.test is not None and self._has_target(self.test)
        values = self.encoder.read(self.table, "path", droppable=self.encoder.missing == "drop")
        targets, whole = self._targets(self.target, self.table)
        if self.encoder.missing == "drop":
            whole &= ~np.isnan(values).any(0)
        kept = torch.from_numpy(whole).nonzero()[:, 0]
        names = ["val"] if official else ["val", "test"]
        parts = self.divide(Split(targets, targets, kept), names, self._groups(kept, official))
        self.encoder.measure(values, parts["train"].rows.numpy())
        inputs = self.encoder.encode(values)
        splits = {name: Split(inputs, targets, part.rows) for name, part in parts.items()}
        if self.test is not None:
            found = self.encoder.encode(self.encoder.read(self.test, "test_path", droppable=False))
            if official:
                column = self.test.column(self.target.name, "test_path")
                splits["test"] = Split(found, self._targets(column, self.test)[0])
            else:
                self.unlabelled = Split(found, torch.zeros(len(found)))
        return splits

    @property
    def statistics(self) -> Statistics:
        """As for any data; categories stay zeros and ones."""
        found, features = super().statistics, self.encoder.features
        flags = torch.tensor([bool(feature.categories) for feature in features for _ in feature.names])
        shift, scale = torch.where(flags, 0.0, found.input_shift), torch.where(flags, 1.0, found.input_scale)
        return replace(found, input_shift=shift, input_scale=scale)

    def reading(self) -> dict[str, Any]:
        """The columns that are learned from, and which others there are."""
        return table_reading(
            self.encoder.features,
            names=[column.name for column in self.table.columns],
            target=self.target.name,
            id=self.id,
            missing=self.encoder.missing,
            header=self.table.named,
            delimiter=self.delimiter,
        )

    def names(self, name: str) -> dict[str, Sequence[Any]]:
        """The ids, where there are some."""
        if self.id is None:
            return super().names(name)
        table = self.test if name == "test" and self.test and self._has_target(self.test) else self.table
        column = table.column(self.id, "id_column")
        found = column.words or [f"{number:.15g}" for number in column.numbers]
        rows = self.splits[name].rows.tolist()
        return {self.id: [found[row] for row in rows]} if found else super().names(name)

    def write_predictions(self, folder: Path, outputs: Sequence[Tensor]) -> None:
        """A row for each row of the test file: its id or number, and the class or the value."""
        if self.test is None or (self.trainer and not self.trainer.is_global_zero):
            return
        ids: Sequence[Any] = range(sum(map(len, outputs)))
        if self.id is not None:
            ids = self.test.column(self.id, "id_column").words
        names = self.spec.class_names
        if names:
            number = [batch.argmax(1) if batch.ndim == 2 else (batch > 0.5).long() for batch in outputs]
            found = [names[at] for at in torch.cat(number)]
        else:
            found = torch.cat(list(outputs))[:, 0].tolist()
        with (folder / "predictions.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([self.id or "row", self.target.name])
            writer.writerows(zip(ids, found, strict=True))
        print(f"predictions.csv in it: {self.target.name} for each row of {self.test.path}", flush=True)

    def _describe(self, kind: Kind) -> DataSpec:
        where = f"{self.table.path}, column {self.target.name}"
        if kind == "real" and self.target.words:
            raise ConfigError(f"task: {where} holds words, expected numbers; take task=classification")
        names = class_names(distinct(self.target), where, len(self.table.lines)) if kind == "class" else ()
        features = tuple(self.encoder.names)
        return DataSpec((len(features),), kind, len(names) or 1, names, features)

    def _targets(self, column: Column, table: Table) -> tuple[Tensor, np.ndarray[Any, np.dtype[np.bool_]]]:
        """The targets of all rows, and which rows have one."""
        table.require_clean(column, as_numbers=not self.target.words)
        whole = ~column.missing
        if not whole.all() and (self.encoder.missing != "drop" or table is not self.table):
            row = int(column.missing.argmax())
            hint = f"take the row out{', or data.missing=drop' if table is self.table else ''}"
            raise table.fail(column, row, f"expected a target, got none; {hint}")
        if self.spec.target == "real":
            return torch.from_numpy(column.numbers).float().nan_to_num(), whole
        known = distinct(self.target)
        values = values_of(column)
        unknown = np.flatnonzero(whole & ~np.isin(values, known))
        if len(unknown):
            names, got = ", ".join(self.spec.class_names[:8]), values[unknown[0]]
            raise table.fail(column, int(unknown[0]), f"expected a class of {names}, got {got}; mend it")
        places = np.searchsorted(known, values).clip(max=len(known) - 1)
        return torch.from_numpy(places), whole

    def _open_test(self, path: Location, delimiter: str) -> Table:
        words = [feature.name for feature in self.encoder.features if feature.categories]
        words += [one.name for one in (self.target, self.group) if one and one.words]
        words += [self.id] if self.id else []
        test = open_test(self.table, words, self.target.name, path, delimiter)
        if self.id:
            test.column(self.id, "id_column")
        return test

    def _groups(self, rows: Tensor, official: bool) -> Tensor | None:
        if self.group is None:
            return None
        if self.test and official:
            require_others(self.table, self.group, self.test)
        return number_groups(self.table, self.group, rows)

    def _has_target(self, table: Table) -> bool:
        return self.target.name in [column.name for column in table.columns]
