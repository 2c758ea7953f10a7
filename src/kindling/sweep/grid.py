"""Every combination of the values."""

from collections.abc import Iterator
from itertools import product
from math import prod
from pathlib import Path

from kindling.error import ConfigError
from kindling.sweep.search import Choice, Goal, Interval, Search, Space, Trial


class Grid(Search):
    """Tries each combination once, the last setting first."""

    def begin(self, space: Space, folder: Path, goal: Goal) -> None:
        """Lay out the combinations; raises ConfigError for an interval."""
        for key, one in space.items():
            if isinstance(one, Interval):
                raise ConfigError(f"{key}: expected values, as sweep=grid tries each, got an interval")
        self.choices = {key: one.words for key, one in space.items() if isinstance(one, Choice)}
        self.trials = self._trials()

    @property
    def total(self) -> int:
        """The product of the numbers of values."""
        return prod(len(words) for words in self.choices.values())

    def ask(self) -> Trial | None:
        """The next combination."""
        return next(self.trials, None)

    def _trials(self) -> Iterator[Trial]:
        for number, values in enumerate(product(*self.choices.values())):
            yield Trial(number, dict(zip(self.choices, values, strict=True)))
