"""Two runs side by side: settings, environment and results."""

import json
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from kindling.package import normal, requirements
from kindling.run.entry import NOTHING, Entry
from kindling.run.plain import flat, number
from kindling.run.table import Column, column

Values = Mapping[str, Any]
DIGITS = 4
TOLD = ("git.commit", "git.diff", "machine.", "data.")  # beside the packages that the project asks for


def differences(title: str, first: Values, second: Values) -> list[Column]:
    """The names whose values differ, with both."""
    names = [name for name in {**first, **second} if first.get(name, NOTHING) != second.get(name, NOTHING)]
    return side_by_side(title, names, first, second)


def side_by_side(title: str, names: list[str], first: Values, second: Values) -> list[Column]:
    """A column of names, and one of each run."""
    found = (
        column(told, [one.get(name, NOTHING) for name in names], DIGITS if title == "metrics" else None)
        for told, one in (("first", first), ("second", second))
    )
    return [column(title, names), *found]


def settings(run: Entry) -> dict[str, Any]:
    """The words of the groups, and each setting."""
    groups = {name.removesuffix("._target_") for name in run.settings if name.endswith("._target_")}
    words = {group: run.choice(group) for group in sorted(groups) if "." not in group}
    return {**words, **run.settings}


def environment(run: Entry) -> dict[str, Any]:
    """What the results may hang on: the code, the machine, packages and data."""
    found = run.read("environment.json", lambda text: flat(json.loads(text)))
    asked = {f"packages.{one.name}" for one in requirements()}
    facts = {
        name: value
        for name, value in found.items()
        if name.startswith(TOLD) or f"packages.{normal(name.removeprefix('packages.'))}" in asked
    }
    if diff := str(facts.get("git.diff") or ""):
        facts["git.diff"] = f"{len(diff.splitlines())} lines, {sha256(diff.encode()).hexdigest()[:8]}"
    return facts


def metrics(first: Entry, second: Entry) -> list[Column]:
    """All results, and by how much the second run's are higher."""
    names = list(first.metrics | second.metrics)
    pairs = [(number(first.metrics.get(name)), number(second.metrics.get(name))) for name in names]
    by = [NOTHING if a is None or b is None else b - a for a, b in pairs]
    return [*side_by_side("metrics", names, first.metrics, second.metrics), column("difference", by, DIGITS)]


PARTS: dict[str, Callable[[Entry, Entry], list[Column]]] = {
    "settings": lambda first, second: differences("settings", settings(first), settings(second)),
    "environment": lambda first, second: differences("environment", environment(first), environment(second)),
    "metrics": metrics,
}


def compare(first: Entry, second: Entry) -> Iterator[str | list[Column]]:
    """Lines and tables, in the order in which they are read."""
    for told, run in (("first", first), ("second", second)):
        yield f"{told}: {', '.join(filter(None, map(run.value, ('run', 'status', 'when'))))}"
        if run.facts:
            yield f"  {run.command}"
    for title, part in PARTS.items():
        columns = part(first, second)
        yield ""
        yield columns if columns[0].cells else f"{title}: {'none' if part is metrics else 'no difference'}"
