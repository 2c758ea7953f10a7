"""Variants measured side by side, so that what slows the machine down for a while meets all of them."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from statistics import median
from typing import Any, Literal, NamedTuple, TypeVar

T = TypeVar("T")
LEAST = 0.05  # of a ratio above 1: less is never told from noise
Clock = Callable[[], float]
WIDTHS = (62, 8, 17, 8, 18)  # of the table's columns but the last


class Seconds(NamedTuple):
    """What a piece of work took: on the processor, and until it was done."""

    cpu: float
    wall: float


def in_rotation(variants: Mapping[str, Callable[[], T]], rounds: int) -> dict[str, list[T]]:
    """What each variant returns in each round; every round goes through all of them in their order."""
    found: dict[str, list[T]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, variant in variants.items():
            found[name].append(variant())
    return found


def take_time(
    variants: Mapping[str, Callable[[], object]],
    rounds: int,
    clocks: tuple[Clock, Clock] = (time.process_time, time.perf_counter),
) -> dict[str, list[Seconds]]:
    """Seconds of each variant in each round, after a round that does not count."""

    def timed(work: Callable[[], object]) -> Seconds:
        before = [clock() for clock in clocks]
        work()
        return Seconds(*(clock() - start for clock, start in zip(clocks, before, strict=True)))

    found = in_rotation({name: lambda work=work: timed(work) for name, work in variants.items()}, rounds + 1)
    return {name: times[1:] for name, times in found.items()}


class Aim(NamedTuple):
    """What a ratio should be."""

    sign: Literal["≤", "≥"]
    bound: float

    def reached_by(self, ratio: float) -> bool:
        """Whether the ratio is as it should be."""
        return ratio <= self.bound if self.sign == "≤" else ratio >= self.bound


@dataclass(frozen=True)
class Row:
    """A line of the table: the median of the rounds' ratios, how far they spread, and what was hoped for."""

    name: str
    against: str
    ratio: float
    lowest: float
    highest: float
    aim: str = ""
    reached: bool | None = None
    wall: float | None = None  # the same ratio by the clock on the wall
    medians: str = ""  # of both sides, for reading
    rounds: dict[str, Any] = field(default_factory=dict)  # everything that was measured

    @property
    def figures(self) -> tuple[str, str]:
        """The ratio, and its spread, as they are printed."""
        return f"{self.ratio:.3g}", f"{self.lowest:.3g} to {self.highest:.3g}"

    def line(self) -> str:
        """The row as it is printed."""
        verdict = {True: ": reached", False: ": NOT REACHED", None: ""}[self.reached]
        cells = (
            f"{self.name} ÷ {self.against}",
            *self.figures,
            "" if self.wall is None else f"{self.wall:.3g}",
            self.medians,
        )
        return in_columns(cells, self.aim + verdict)

    def plain(self) -> dict[str, Any]:
        """The row for a file."""
        return asdict(self)


def in_columns(cells: Sequence[str], last: str) -> str:
    """One line of the table."""
    padded = (f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=True))
    return " ".join((*padded, last)).rstrip()


HEADER = in_columns(("what ÷ against what", "ratio", "of the rounds", "by wall", "medians"), "aim")


def ratios(tops: Sequence[float], bottoms: Sequence[float]) -> list[float]:
    """Each round's own ratio."""
    return [top / bottom for top, bottom in zip(tops, bottoms, strict=True)]


def compare(
    times: Mapping[str, Sequence[Seconds]],
    name: str,
    against: str,
    title: str,
    aim: Aim | None = None,
) -> Row:
    """The row of two variants by their processor time."""
    cpu, wall = (
        ratios(*([getattr(seconds, clock) for seconds in times[side]] for side in (name, against)))
        for clock in ("cpu", "wall")
    )
    ratio = median(cpu)
    sides = [median(seconds.cpu for seconds in times[side]) for side in (name, against)]
    return Row(
        f"{title}: {name}",
        against,
        ratio,
        min(cpu),
        max(cpu),
        f"{aim.sign} {aim.bound:g}" if aim else "",
        aim.reached_by(ratio) if aim else None,
        median(wall),
        " ÷ ".join(f"{side:.3g} s" for side in sides),
        {side: [seconds._asdict() for seconds in times[side]] for side in (name, against)},
    )


def judged(row: Row) -> Row:
    """A ratio that should be 1 at most: whether its own spread explains what is above."""
    most = 1 + max(LEAST, (row.highest - row.lowest) / 2)
    return replace(row, aim=f"≤ {most:.3g}", reached=row.ratio <= most)
