"""Kills at random moments, and whether runs go on to the same bits: --kills 500 is the long form."""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from benchmark.kill import (
    CONFIGURATIONS,
    INTERVAL,
    Outcome,
    from_the_command_line,
    kill,
    prepare,
    with_imports_done,
)

MOST = 3  # kills of one run
SHARE = 5  # of so many runs one is started on the command line, the others with their imports done
HEADER = "configuration             runs  kills  from the command line  identical  lost at most"


@dataclass
class Row:
    """What the kills of one configuration came to."""

    configuration: str
    outcomes: list[Outcome] = field(default_factory=list)

    def line(self) -> str:
        """The row as it is printed, with what differs below it."""
        cold = [one for one in self.outcomes if one.start == from_the_command_line.__name__]
        same = sum(not one.differs for one in self.outcomes)
        lost = max((second for one in self.outcomes for second in one.lost), default=0)
        counts = f"{len(self.outcomes):>6}{self.kills(self.outcomes):>7}{self.kills(cold):>23}{same:>11}"
        different = [f"\n  {one.kills}: {'; '.join(one.differs[:5])}" for one in self.outcomes if one.differs]
        return f"{self.configuration:<24}{counts}  {lost:.2f} s{''.join(different)}"

    def plain(self) -> dict[str, Any]:
        """The row for a file."""
        return {**asdict(self), "save_interval": INTERVAL}

    @staticmethod
    def kills(outcomes: list[Outcome]) -> int:
        """How many in all."""
        return sum(len(one.kills) for one in outcomes)


def measure(rounds: int, quick: bool) -> Iterator[Row]:
    """One row a configuration; each is killed as often as the others."""
    chance = Random(rounds)
    names = list(CONFIGURATIONS)[: 1 if quick else None]
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(names):
            share = len(range(number, rounds, len(names)))
            place = Path(folder) / name
            place.mkdir()
            yield Row(name, list(killed(name, place, share, chance)))


def killed(name: str, folder: Path, kills: int, chance: Random) -> Iterator[Outcome]:
    """Runs with one to three kills each, until there were as many."""
    reference = folder / "whole"
    starts = {with_imports_done: folder / "copied", from_the_command_line: reference}
    lives = {start: prepare(name, start, place) for start, place in starts.items()}
    number = 0
    while kills > 0:
        start = with_imports_done if number % SHARE else from_the_command_line
        again = partial(kill, name, start, folder / str(number), reference, lives[start])
        outcome = again(min(kills, chance.randint(1, MOST)), chance)
        print(f"\r{name}: {kills} kills left ", end="", file=sys.stderr, flush=True)
        kills -= len(outcome.kills)
        number += 1
        yield outcome
    print("\r", end="", file=sys.stderr)
