"""Which runs are meant, in which order, and what is shown of them."""

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import yaml

from kindling.error import ConfigError, suggest
from kindling.run.entry import FACTS, NOTHING, Entry
from kindling.run.listing import natural
from kindling.run.plain import number
from kindling.run.table import text

ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
SIGNS: dict[str, Callable[[Any, Any], bool]] = {"!=": operator.ne, "=": operator.eq, **ORDERS}


class Condition(NamedTuple):
    """What a run has to be, such as `test/accuracy>0.9`."""

    name: str
    sign: str
    word: str

    @classmethod
    def read(cls, told: str) -> "Condition":
        """From how it is typed; raises ConfigError."""
        found = re.fullmatch(r"([^<>=!]+)(<=|>=|!=|==|=|<|>)(.*)", told, re.DOTALL)
        if not found:
            raise ConfigError(f"--where: expected such as status=done or 'test/accuracy>0.9', got {told}")
        name, sign, word = (part.strip() for part in found.groups())
        if sign in ORDERS and number(word) is None and name != "when":
            raise ConfigError(f"--where {told}: expected a number after {sign}, got {word or 'nothing'}")
        return cls(name, "=" if sign == "==" else sign, word)

    def holds(self, run: Entry) -> bool:
        """Whether a run is so; one without a value isn't, but for `!=`."""
        value, compare = run.value(self.name), SIGNS[self.sign]
        is_number = not isinstance(value, str) or self.name in run.words
        if is_number and number(value) is not None and number(self.word) is not None:
            return compare(number(value), number(self.word))
        if self.sign in ORDERS:
            return self.name == "when" and compare(str(value), self.word)
        return compare(text(value) in (self.word, normal(self.word)), True)


def normal(word: str) -> str:
    """A word as its value is written: [64,64] with a blank, True and ~ in YAML's own words."""
    try:
        return text(yaml.safe_load(word))
    except (yaml.YAMLError, ValueError, RecursionError):
        return word


def select(runs: Sequence[Entry], told: Sequence[str], last: int | None) -> list[Entry]:
    """Those of which all conditions hold; of them the newest, where `last` says how many."""
    conditions = [Condition.read(one) for one in told]
    require_known([one.name for one in conditions], runs)
    found = [run for run in runs if all(one.holds(run) for one in conditions)]
    return found[-last:] if last else found


def require_known(names: Iterable[str], runs: Sequence[Entry]) -> None:
    """Raise ConfigError for a name that no run has."""
    for name in names:
        if runs and all(run.value(name) == NOTHING for run in runs):
            known = dict.fromkeys(one for run in runs for one in run.names())
            if name not in known:
                # of a metric without its split the validation's: task.loss would be as near
                splits = sorted(one for one in known if one.endswith(f"/{name}"))
                near = suggest(name, splits[-1:] or list(known))
                raise ConfigError(f"{name}: no run here has such a setting or metric{near}")


def by_value(runs: Iterable[Entry], name: str, reverse: bool) -> list[Entry]:
    """From low to high, or the other way; what has no number comes last, by its letters."""
    runs = list(runs)
    values = {id(run): number(run.value(name)) for run in runs}
    counted = [run for run in runs if values[id(run)] == values[id(run)] is not None]
    others = [run for run in runs if run not in counted]
    counted.sort(key=lambda run: values[id(run)] or 0.0, reverse=reverse)
    worded = [run for run in others if run.value(name) != NOTHING]
    worded.sort(key=lambda run: natural(text(run.value(name))), reverse=reverse)
    return counted + worded + [run for run in others if run.value(name) == NOTHING]


def usual_names(runs: Iterable[Entry]) -> list[str]:
    """What the list shows of runs: by which metric the best epoch is known, and the results of the test."""
    runs = list(runs)
    monitored = dict.fromkeys(run.monitor[0] for run in runs if run.monitor[0] in run.metrics)
    tested = dict.fromkeys(name for run in runs for name in run.metrics if name.startswith("test/"))
    return ["run", "when", "status", "words", "epochs", *monitored, *tested, "seconds"]


def all_names(runs: Iterable[Entry]) -> list[str]:
    """What any of them has, but for the names of classes: the words of the groups say as much."""
    known = dict.fromkeys([*FACTS, *(name for run in runs for name in run.names())])
    return [name for name in known if not name.rpartition(".")[2].startswith("_")]
