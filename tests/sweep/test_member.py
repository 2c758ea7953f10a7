"""The jobs that `seeds` and `cv` make of a trial."""

from typing import Any

import pytest

from kindling.error import ConfigError
from kindling.sweep.member import members
from kindling.sweep.search import Choice

ONE: dict[str, Any] = {"seeds": 1, "cv": None, "seed": 0}
SWEPT = Choice(("1", "2"))


def test_a_trial_is_one_job_if_nothing_is_said() -> None:
    assert members(ONE, {"optimizer.lr": SWEPT}) == [[]]


def test_seeds_are_counted_from_the_seed() -> None:
    assert members({**ONE, "seeds": 3, "seed": 10}, {}) == [["seed=10"], ["seed=11"], ["seed=12"]]


def test_each_seed_has_all_folds() -> None:
    found = members({"seeds": 2, "cv": 2, "seed": 0}, {}, ["cv=2", "seeds=2"])
    assert found == [
        ["seed=0", "data.folds=2", "data.fold=0"],
        ["seed=0", "data.folds=2", "data.fold=1"],
        ["seed=1", "data.folds=2", "data.fold=0"],
        ["seed=1", "data.folds=2", "data.fold=1"],
    ]


@pytest.mark.parametrize(
    ("whole", "swept", "typed", "text"),
    [
        (
            {"seeds": 2},
            "seed",
            [],
            "seeds: expected seed to be left to it, got seed swept over",
        ),
        ({"cv": 5}, "data.fold", [], "cv: expected data.fold to be left to it, got data.fold swept over"),
        ({"cv": 5}, "data.folds", [], "cv: expected data.folds to be left to it"),
        ({"cv": 5}, "x", ["data.fold=2"], "cv: expected data.fold to be left to it, got data.fold=2"),
        ({"cv": 5}, "x", ["+data.folds=4"], "cv: expected data.folds to be left to it, got .data.folds=4"),
        (
            {"seeds": 2, "seed": 2**32 - 1},
            "x",
            [],
            "seeds: expected the last up to 4294967295, got .*6; lower",
        ),
    ],
)
def test_what_it_sets_itself_is_left_to_it(
    whole: dict[str, Any], swept: str, typed: list[str], text: str
) -> None:
    with pytest.raises(ConfigError, match=text):
        members({**ONE, **whole}, {swept: SWEPT}, typed)


def test_what_it_does_not_set_may_be_swept_over() -> None:
    assert members(ONE, {"seed": SWEPT, "data.fold": SWEPT}, ["seed=1,2", "data.folds=5"]) == [[]]
    assert len(members({**ONE, "seeds": 2}, {"x": SWEPT}, ["seed=1"])) == 2
