"""Folds: each row that isn't tested validates once, the classes are even, groups and times apart."""

from typing import Any

import pytest
import torch

from kindling.data.divide import deal_groups, split_rows
from kindling.data.fold import Fold, fold_rows, fold_windows
from kindling.error import DataError

LABELS = torch.tensor([0] * 61 + [1] * 23 + [2] * 9)


def divided(count: int = 5, seed: int = 0, **settings: Any) -> list[dict[str, torch.Tensor]]:
    return [fold_rows(LABELS, 0.2, Fold(count, at), seed, "abc", **settings) for at in range(count)]


def test_each_row_that_is_not_tested_validates_once() -> None:
    found = divided()
    without = split_rows(LABELS, 0.15, 0.2, seed=0)
    assert all(sorted(parts["test"].tolist()) == sorted(without["test"].tolist()) for parts in found)
    validated = torch.cat([parts["val"] for parts in found])
    assert sorted([*validated.tolist(), *found[0]["test"].tolist()]) == [*range(len(LABELS))]
    assert all(sorted(torch.cat([*parts.values()]).tolist()) == [*range(len(LABELS))] for parts in found)


@pytest.mark.parametrize("count", [2, 3, 5, 7])
def test_sizes_and_class_shares_are_within_a_row(count: int) -> None:
    labels = [LABELS[parts["val"]] for parts in divided(count)]
    of_classes = torch.stack([one.bincount(minlength=3) for one in labels])  # (folds, classes)
    for counts in (of_classes, of_classes.sum(1)):
        assert (counts.amax(0) - counts.amin(0)).max() <= 1


def test_the_seed_alone_decides() -> None:
    first, again, other = (divided(seed=seed)[1]["val"].tolist() for seed in (0, 0, 1))
    assert first == again != other


def test_the_first_rows_to_train_are_of_all_classes() -> None:
    assert LABELS[divided()[0]["train"][:30]].unique().tolist() == [0, 1, 2]


def test_groups_stay_together_and_shares_are_near() -> None:
    generator = torch.Generator().manual_seed(1)
    groups = torch.randint(0, 40, (2000,), generator=generator)
    labels = (torch.rand(2000, generator=generator) < 0.1 + 0.02 * groups).long()
    found = [fold_rows(labels, 0.2, Fold(4, at), 0, "ab", groups) for at in range(4)]
    for parts in found:
        apart = [set(groups[rows].tolist()) for rows in parts.values()]
        assert len(set.union(*apart)) == sum(map(len, apart)) == 40
        assert len(parts["val"]) == pytest.approx(400, abs=60)
        assert len(parts["test"]) == pytest.approx(400, abs=60)
        share, whole = (float(rows.float().mean()) for rows in (labels[parts["val"]], labels))
        assert share == pytest.approx(whole, abs=0.05)
    assert len(set(torch.cat([parts["val"] for parts in found]).tolist())) == 2000 - len(found[0]["test"])


def test_no_fold_is_empty_while_there_are_groups_enough() -> None:
    groups = torch.tensor([0] * 90 + [1] + [2] * 3)
    parts = deal_groups(groups.clamp(max=1), groups, [1 / 3] * 3, torch.Generator())
    assert sorted(map(len, parts)) == [1, 3, 90]


@pytest.mark.parametrize("reach", [1, 4])
@pytest.mark.parametrize("number", range(5))
def test_a_block_in_time_shares_nothing_with_what_trains(number: int, reach: int) -> None:
    train, val = fold_windows(53, Fold(5, number), reach)
    assert val.tolist() == [*range(int(val[0]), int(val[-1]) + 1)]
    gone = [window for window in range(53) if window not in train and window not in val]
    assert all(min(abs(window - int(one)) for one in val) <= reach for window in gone)
    assert all((window - val).abs().min() > reach for window in train)


def test_every_window_validates_once() -> None:
    assert torch.cat([fold_windows(53, Fold(5, at), 3)[1] for at in range(5)]).tolist() == [*range(53)]


def test_more_folds_than_rows_groups_or_windows_are_told() -> None:
    with pytest.raises(DataError, match="at most 9, as many groups are not tested, got 10; lower it"):
        fold_rows(torch.arange(9) % 2, 0.0, Fold(10, 0), 0, "ab", torch.arange(9))
    with pytest.raises(DataError, match="at most 9, as many rows are not tested"):
        fold_rows(torch.arange(9), 0.0, Fold(10, 0), 0, ())
    with pytest.raises(DataError, match="at most 9, as many windows are not tested"):
        fold_windows(9, Fold(10, 0), 1)
    with pytest.raises(DataError, match=r"expected windows to train beside the fold, .*; lower data\.steps"):
        fold_windows(9, Fold(2, 0), 5)
