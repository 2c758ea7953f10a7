"""Settings as axes of a picture: where each value stands, and what is written there."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kindling.run.entry import NOTHING
from kindling.run.listing import natural
from kindling.run.plain import number
from kindling.run.table import text
from kindling.sweep.summary import Section, facts_of

DECADES = 2.0  # numbers that are so far apart are drawn on a logarithmic axis
FEW = 8  # values that are told one by one
LETTERS = 16
NONE = "none"  # of a setting that only some trials have


@dataclass(frozen=True)
class Axis:
    """A setting or a metric: a position for each trial, NaN for one without; labels, where they are names."""

    name: str
    positions: Sequence[float]
    log: bool = False
    labels: Sequence[str] = ()

    @property
    def shares(self) -> list[float]:
        """The positions between 0 and 1, on a logarithm's scale where that is drawn."""
        found = [math.log10(one) if self.log else one for one in self.positions]
        known = [one for one in found if not math.isnan(one)]
        low, high = min(known, default=0.0), max(known, default=0.0)
        return [(one - low) / (high - low) if high > low else one * 0 + 0.5 for one in found]

    @property
    def marks(self) -> list[tuple[float, str]]:
        """What is written beside such a share: each name, or the ends of numbers and two between."""
        if self.labels:
            last = max(len(self.labels) - 1, 1)
            return [(at / last if len(self.labels) > 1 else 0.5, one) for at, one in enumerate(self.labels)]
        found = sorted(one for one in self.positions if not math.isnan(one))
        low, high = found[0], found[-1]
        told = sorted(set(found)) if len(set(found)) <= 4 else between(low, high, self.log)
        places = Axis("", [*told], self.log).shares
        return [(place, f"{one:.3g}") for place, one in zip(places, told, strict=True)]


def between(low: float, high: float, log: bool) -> list[float]:
    """Both ends and two numbers in equal steps."""
    steps = (0, 1 / 3, 2 / 3, 1)
    return [low * (high / low) ** step if log else low + (high - low) * step for step in steps]


def axis_of(section: Section, name: str) -> Axis:
    """A setting over the trials that are measured: numbers, or names where not all are numbers."""
    values = [one.value(name) for one in section.measured]
    given = [value for value in values if value not in (NOTHING, None)]
    numbers = [number(value) for value in given]
    known = [one for one in numbers if one is not None and math.isfinite(one)]
    partly = len(given) < len(values)
    if len(known) < len(given) or not known or (partly and len(set(known)) <= FEW):
        return of_names(name, values)
    log = min(known) > 0 and (far(known) or was_log(section, name))
    if min(known) <= 0 and far([one for one in known if one > 0]) and len(set(known)) <= FEW:
        return of_names(name, values)
    return Axis(name, [math.nan if (one := number(value)) is None else one for value in values], log)


def of_names(name: str, values: Sequence[Any]) -> Axis:
    """Names in their order, evenly spread."""
    told = [NONE if value in (NOTHING, None) else text(value) for value in values]
    labels = sorted(set(told), key=lambda one: (one == NONE, number(one) or 0.0, natural(one)))
    positions = [float(labels.index(one)) for one in told]
    return Axis(
        name, positions, labels=[one if len(one) <= LETTERS else f"{one[: LETTERS - 1]}…" for one in labels]
    )


def axis_of_metric(section: Section) -> Axis:
    """The monitored metric of the trials that are measured."""
    means = [one.mean(section.metric) for one in section.measured]
    known = [math.nan if one is None else one for one in means]
    return Axis(section.metric, known, log=min(known) > 0 and far(known))


def far(numbers: Sequence[float]) -> bool:
    """Whether positive numbers lie decades apart."""
    return bool(numbers) and min(numbers) > 0 and 1.001 * max(numbers) > 10**DECADES * min(numbers)


def was_log(section: Section, name: str) -> bool:
    """Whether a sweep was told to search it on a logarithm's scale."""
    told = [word for sweep in section.sweeps if sweep for word in facts_of(sweep).get("words", ())]
    return any(re.match(rf"\+*{re.escape(name)}=.*\blog\b", str(word)) for word in told)
