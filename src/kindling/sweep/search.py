"""What every search has: it is asked for the next trial, and told how each one ended."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kindling.error import ConfigError


@dataclass(frozen=True)
class Choice:
    """Values of a setting, as they are typed."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Interval:
    """A range of numbers, whole ones where both ends are."""

    low: float
    high: float
    log: bool = False

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are meant."""
        return isinstance(self.low, int) and isinstance(self.high, int)

    def word(self, value: float) -> str:
        """A number of it as it is typed: four digits tell enough, and read well in a command."""
        short = round(value) if self.whole else float(f"{value:.4g}")
        return repr(min(max(short, self.low), self.high))


Space = Mapping[str, Choice | Interval]


@dataclass(frozen=True)
class Goal:
    """The metric that trials are compared by, and which end of it is better."""

    metric: str
    mode: str  # min or max

    def better(self, one: float, other: float) -> bool:
        """Whether one beats the other."""
        return one < other if self.mode == "min" else one > other


@dataclass(frozen=True)
class Trial:
    """One try: the value of each setting that is swept over, as it is typed."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class Result:
    """How a trial ended: `done` where each of its jobs did; with several, metrics are their means."""

    status: str
    metrics: Mapping[str, float]


class Search(ABC):
    """Says what to try next; `total` is how many trials there are to be, done ones included.

    name: of the sweep's folder below outputs/sweep; None makes one of what is swept over
    fresh: whether to start over where the sweep has been before
    """

    intervals = False  # whether it can search a range of numbers, and not only values
    objectives: Sequence[str] = ()  # metrics to weigh against each other, where there are several
    modes: Mapping[str, str] = {}  # which end of each is better

    def __init__(self, name: str | None = None, fresh: bool = False) -> None:
        self.name = name
        self.fresh = fresh

    @abstractmethod
    def begin(self, space: Space, folder: Path, goal: Goal) -> None:
        """Get to know the space, the sweep's folder and what is wanted; raises UserError."""

    @property
    @abstractmethod
    def total(self) -> int:
        """How many trials there are to be."""

    @abstractmethod
    def ask(self) -> Trial | None:
        """The next trial; None where there is none, or none before another one has ended."""

    def tell(self, trial: Trial, result: Result) -> None:  # noqa: B027 - most don't learn
        """Learn how a trial ended."""

    def words(self, trial: Trial) -> list[str]:
        """Words that the first of its jobs gets and no other: none, where nothing is to be reported."""
        return []

    def summary(self) -> list[str]:
        """Lines to say at the end, beside what every sweep says."""
        return []


def require_space(space: Space) -> Space:
    """Raise ConfigError where there is nothing to search."""
    if not space:
        write = "'optimizer.lr=tag(log,interval(1e-4,1e-1))'"
        raise ConfigError(f"sweep: expected a setting to search, got none; add {write}")
    return space
