"""The rows to evaluate on: a split of the data that a run was trained on, rebuilt from its settings."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
from omegaconf import OmegaConf

from kindling.build import make
from kindling.check.words import told_of
from kindling.data.base import DataModule
from kindling.data.csv import CSV
from kindling.error import DataError
from kindling.evaluate.cells import cells_of
from kindling.source.path import user_path

HERE = "call this where train.py was called, or add --moved FOLDER"


@dataclass(frozen=True)
class Rows:
    """Batches of inputs and targets, and what tells their rows apart."""

    title: str
    loader: Any
    names: Callable[[], Mapping[str, Sequence[Any]]]  # by what they are called; once all have been read
    split: str = ""  # of the run's own data
    count: int | None = None  # where that is known before
    cells: Callable[[Sequence[int]], Mapping[str, Sequence[str]]] | None = None  # of a table, as written


def own_rows(state: Mapping[str, Any], split: str, moved: Path | None, root: str | None) -> Rows:
    """A split as training had it; raises DataError where the data are not the same.

    `moved` is a folder that has the files now, and `root` that of downloads.
    """
    config = deepcopy(state["kindling"]["config"])
    if root is not None:
        config["data"]["root"] = root
    find_files(config["data"], moved)
    pl.seed_everything(config["seed"], workers=True, verbose=False)
    data: DataModule = make(OmegaConf.create(config), "data")
    with told_of("data"):
        data.setup()
    require_same(data, state.get(type(data).__qualname__, {}))
    loader = data.val_dataloader() if split == "val" else data.test_dataloader()
    title = f"{'validation' if split == 'val' else split} split"
    cells = partial(cells_in, data, split) if isinstance(data, CSV) else None
    return Rows(title, loader, lambda: data.names(split), split, len(data.splits[split]), cells)


def cells_in(data: CSV, split: str, places: Sequence[int]) -> dict[str, list[str]]:
    """The rows at some places of a split, as they stand in its file."""
    has_own = split == "test" and data.test is not None and data.unlabelled is None
    path = data.test.path if data.test is not None and has_own else data.table.path
    return cells_of(path, data.reading(), data.splits[split].rows[list(places)].tolist())


def find_files(settings: dict[str, Any], moved: Path | None) -> None:
    """Look for each file in the folder where it is now; raises DataError where one is missing."""
    for key, value in settings.items():
        if value is None or not key.endswith("path"):
            continue
        path = moved / user_path(value).name if moved else user_path(value)
        if not path.exists():
            raise DataError(f"data.{key}: expected {path.absolute()}, got nothing there; {HERE}")
        settings[key] = str(path)


def require_same(data: DataModule, known: Mapping[str, Any]) -> None:
    """Refuse other rows than training had; raises DataError."""
    for name, now in data.identity.items():
        was = known.get(name, now)
        if was != now:
            raise DataError(f"data: expected {name} {was} as in training, got {now}; bring the data back")
