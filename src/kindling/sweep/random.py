"""Trials drawn by chance, of which the n-th is always the same, so that nothing has to be kept of them."""

import math
from pathlib import Path
from random import Random as Chance

from kindling.sweep.search import Choice, Goal, Interval, Search, Space, Trial, require_space


class Random(Search):
    """Draws values, and numbers of intervals, evenly; on a log scale where the interval says so.

    trials: how many there are to be
    seed: another one draws others
    """

    intervals = True

    def __init__(self, trials: int = 20, seed: int = 0, name: str | None = None, fresh: bool = False) -> None:
        super().__init__(name, fresh)
        self.trials = trials
        self.seed = seed
        self.asked = 0

    def begin(self, space: Space, folder: Path, goal: Goal) -> None:
        """Get to know the space; raises ConfigError where there is none."""
        self.space = require_space(space)

    @property
    def total(self) -> int:
        """As was told."""
        return self.trials

    def ask(self) -> Trial | None:
        """The next draw; a setting's doesn't depend on which others there are."""
        if self.asked == self.trials:
            return None
        number, self.asked = self.asked, self.asked + 1
        chances = {key: Chance(f"{self.seed} {number} {key}").random() for key in self.space}
        return Trial(number, {key: drawn(one, chances[key]) for key, one in self.space.items()})


def drawn(one: Choice | Interval, chance: float) -> str:
    """A value by a number from 0 to 1."""
    if isinstance(one, Choice):
        return one.words[int(chance * len(one.words))]
    half = 0.5 if one.whole else 0.0  # each whole number has as much room
    low, high = one.low - half, one.high + half
    value = low * (high / low) ** chance if one.log else low + chance * (high - low)
    return one.word(math.floor(value + half) if one.whole else value)
