"""Words about folds that can't be, told before anything is imported."""

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("data.folds=5 data.fold=5", "data.fold: expected 0 to 4 with data.folds=5, got 5"),
        (
            "data.fold=2",
            "data.fold: expected it beside data.folds, got 2; add data.folds, or take cv=5 for all",
        ),
        ("cv=5 data.fold=2", "cv: expected data.fold to be left to it, got data.fold=2; leave out one"),
        ("cv=5 data.folds=3", "cv: expected data.folds to be left to it, got data.folds=3; leave out one"),
        (
            "data.folds=1",
            "data.folds: expected a whole number of 2 or more or null, got 1; write data.folds=null",
        ),
        ("data.folds=5 data.fold=4", ""),
        ("cv=5", ""),
    ],
)
def test_a_fold_that_cannot_be_is_told(words: str, text: str, mistakes: Callable[..., str]) -> None:
    assert mistakes(*words.split()) == text
