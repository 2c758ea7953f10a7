"""What a run or checkpoint of somebody else's may hold: by the reason to refuse it, what is put where.

In attack.txt a line without a place, as a list of names, is about `model._target_`; the values are YAML.
"""

from collections import OrderedDict
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml


class Text(str):
    """Looks like a text, and is something else."""


class Number(int):
    """Looks like a number, and is something else."""


class Mapping(dict[str, Any]):
    """Looks like a mapping, and is something else."""


cycle: list[Any] = []
cycle.append(cycle)
bomb: Any = "x"
for _ in range(12):  # levels, of a trillion values in all
    bomb = [bomb] * 10

BUILT: dict[str, list[tuple[str, Any]]] = {
    "expected a class by its dotted name": [
        *[("model._target_", value) for value in (cycle, bomb, 10**5000)],
        ("model._target_", "x" * 5000),
    ],
    "expected names of settings": [
        ("model", {key: "os.system"}) for key in (Text("_target_"), b"_target_", ("a", "b"), 1.5)
    ],
    "expected a plain value": [
        *[("model._target_", value) for value in (b"os.system", print, Text("torch.nn.Linear"))],
        *[("seed", value) for value in ((0,), 1j, np.float64(1), torch.zeros(1), Number(3))],
        *[("data.path", value) for value in (Path("x"), Text("x"), date(2026, 1, 1))],
        *[("model", kind(_target_="torch.nn.Linear")) for kind in (OrderedDict, Mapping)],
    ],
    "expected 16 levels": [("seed", cycle), ("model.hidden", cycle), ("model.x" + ".x" * 40, 1)],
    "expected a size of": [
        *[("model.hidden", value) for value in (bomb, [0] * 200_000, "x" * 200_000)],
        *[("model", value) for value in ({f"x{n}": 0 for n in range(40_000)}, {"x" * 200_000: 0})],
    ],
}  # fmt: skip


def written() -> Iterator[tuple[str, str, Any]]:
    """Reason, place and value of each attack that is a text."""
    reason = ""
    for line in filter(None, Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()):
        place, mark, value = line.partition(": ")
        if line.startswith("# "):
            reason = line[2:]
        elif mark:
            yield reason, place, yaml.safe_load(f"{value}\n")
        else:
            yield from ((reason, "model._target_", target) for target in line.split())


ATTACKS = [
    *written(),
    *((reason, place, value) for reason, changes in BUILT.items() for place, value in changes),
]


def changed(config: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    """A configuration with another value in a place."""
    config = deepcopy(config)
    *above, last = place.split(".")
    inner = config
    for key in above:
        if not isinstance(inner.get(key), dict):
            inner[key] = {}
        inner = inner[key]
    inner[last] = value
    return config
