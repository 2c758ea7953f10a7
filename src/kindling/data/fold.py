"""Folds: each row that is not tested validates once, in a run that has not trained on it."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from kindling.data.divide import by_label, deal_groups, require, shuffled, take_evenly
from kindling.error import DataError


@dataclass(frozen=True)
class Fold:
    """The one of so many folds that validates."""

    count: int
    number: int

    def share(self, total: int) -> tuple[int, int]:
        """Where it begins and ends, of things that stand in a row."""
        return total * self.number // self.count, total * (self.number + 1) // self.count


def make_fold(folds: int | None, fold: int) -> Fold | None:
    """None without folds; raises ConfigError where there is no such fold."""
    if folds is None:
        require("fold", fold, "it beside data.folds", fold == 0)
        return None
    require("folds", folds, "2 or more", folds >= 2)
    require("fold", fold, f"0 to {folds - 1} with data.folds={folds}", 0 <= fold < folds)
    return Fold(folds, fold)


def fold_rows(
    labels: Tensor,
    test_fraction: float,
    fold: Fold,
    seed: int,
    class_names: Sequence[str],
    groups: Tensor | None = None,
) -> dict[str, Tensor]:
    """Row numbers of each split: `test` as without folds, the fold as `val`, and the others as `train`.

    Every fold has the same share of each label, to within a row; rows of one group are in one fold.
    `class_names` are those of the labels, and none where these are tenths. Raises DataError.
    """
    generator = torch.Generator().manual_seed(seed)
    if groups is None:
        test, rows = take_evenly(by_label(labels, generator), round(len(labels) * test_fraction))
        require_rows(labels[rows], fold, class_names)
        held = torch.arange(len(rows)) % fold.count == fold.number
    else:
        rows, test = deal_groups(labels, groups, [1 - test_fraction, test_fraction], generator)
        require_enough(len(groups[rows].unique()), "groups", fold)
        parts = deal_groups(labels[rows], groups[rows], [1 / fold.count] * fold.count, generator)
        held = torch.zeros(len(rows), dtype=torch.bool)
        held[parts[fold.number]] = True
    return shuffled({"train": rows[~held], "val": rows[held], "test": test}, generator)


def fold_windows(count: int, fold: Fold, reach: int) -> tuple[Tensor, Tensor]:
    """Numbers of the windows that train and of those that validate: a block in time.

    `reach` is how many windows before and after share a row with one; the block's don't train.
    """
    require_enough(count, "windows", fold)
    start, end = fold.share(count)
    numbers = torch.arange(count)
    train = numbers[(numbers < start - reach) | (numbers >= end + reach)]
    if not len(train):
        got = f"got {count}, each beside {reach} that share its rows"
        raise DataError(f"data.folds: expected windows to train beside the fold, {got}; lower data.steps")
    return train, numbers[start:end]


def require_rows(labels: Tensor, fold: Fold, class_names: Sequence[str]) -> None:
    """Refuse more folds than rows, of each class; raises DataError."""
    require_enough(len(labels), "rows", fold)
    if class_names:
        values, counts = labels.unique(return_counts=True)
        rarest = int(values[counts.argmin()])
        name = class_names[rarest] if 0 <= rarest < len(class_names) else rarest
        require_enough(int(counts.min()), f"rows of class {name}", fold)


def require_enough(count: int, what: str, fold: Fold) -> None:
    """Refuse more folds than there is of something; raises DataError."""
    if count < fold.count:
        most = f"expected at most {count}, as many {what} are not tested"
        raise DataError(f"data.folds: {most}, got {fold.count}; lower it")
