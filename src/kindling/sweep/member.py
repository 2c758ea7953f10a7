"""The runs that make a trial: one for each seed and each fold."""

from collections.abc import Sequence
from itertools import product
from typing import Any

from kindling.error import ConfigError
from kindling.run.word import key_of
from kindling.sweep.search import Space

LARGEST = 2**32 - 1  # of a seed
SEED, FOLD, FOLDS = "seed", "data.fold", "data.folds"
OWN = {"seeds": (SEED,), "cv": (FOLD, FOLDS)}  # what each sets in the jobs


def members(whole: dict[str, Any], space: Space, typed: Sequence[str] = ()) -> list[list[str]]:
    """The words that each run gets beside those of its trial; raises ConfigError where that can't be.

    whole: the settings of the sweep, of which `seeds`, `cv` and `seed` say how many there are
    typed: the words of its command line
    """
    seeds, folds, first = whole["seeds"], whole["cv"], whole["seed"]
    words = {key_of(word): word for word in typed}
    for name, used, taken in (("seeds", seeds > 1, space), ("cv", folds is not None, {**space, **words})):
        for key in OWN[name]:
            if used and key in taken:
                got = f"{key} swept over" if key in space else words[key]
                raise ConfigError(f"{name}: expected {key} to be left to it, got {got}; leave out one")
    if first + seeds - 1 > LARGEST:
        raise ConfigError(f"seeds: expected the last up to {LARGEST}, got {first + seeds - 1}; lower seed")
    seed_words = [[f"{SEED}={first + number}"] for number in range(seeds)] if seeds > 1 else [[]]
    fold_words = [[f"{FOLDS}={folds}", f"{FOLD}={number}"] for number in range(folds or 0)] or [[]]
    return [seed + fold for seed, fold in product(seed_words, fold_words)]
