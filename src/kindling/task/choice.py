"""Losses and metrics by name: a task's own, then those of the folders `loss` and `metric`."""

import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

from torch import Tensor
from torchmetrics import Metric

from kindling.error import ConfigError, one_line, suggest

Group = Literal["loss", "metric"]
Table = Mapping[str, Callable[..., Any]]
SETTINGS = {"loss": "task.loss", "metric": "task.metrics"}
FACTS = ("output", "target", "smoothing", "num_classes")  # filled in, and so no settings
ELSEWHERE = {"confusion_matrix": "no single number; choose callback=[confusion_matrix]"}


def choose_loss(words: Any, table: Table, kind: str, trial: tuple[Tensor, Tensor]) -> Callable[..., Tensor]:
    """The loss that is named, tried on outputs and targets of a batch; raises ConfigError."""
    named = by_name(words)
    if len(named) != 1:
        raise ConfigError(f"task.loss: expected one loss, got {len(named)}")
    name, settings = named[0]
    loss = partial(find("loss", name, table, kind, settings), **settings)
    shape = tuple(tried("loss", name, loss, *trial).shape)
    if shape != (len(trial[0]),):
        raise ConfigError(f"task.loss.{name}: expected one loss a row ({len(trial[0])},), got {shape}")
    return loss


def choose_metrics(words: Any, table: Table, kind: str, num_classes: int) -> dict[str, Metric]:
    """The metrics that are named, in their order; raises ConfigError."""
    chosen: dict[str, Metric] = {}
    for name, settings in by_name(words):
        if name in chosen:
            raise ConfigError(f"task.metrics: expected each metric once, got {name} twice")
        build = find("metric", name, table, kind, settings)
        facts = {"num_classes": num_classes} if "num_classes" in arguments(build) else {}
        chosen[name] = tried("metric", name, build, **facts, **settings)
    if not chosen:
        raise ConfigError("task.metrics: expected one metric or more, got none; the first is the main one")
    return chosen


def by_name(words: Any) -> list[tuple[str, dict[str, Any]]]:
    """Each name with its settings, from a name alone, `{name: {setting: value}}` or a list of both."""
    found: list[tuple[str, dict[str, Any]]] = []
    for one in words if isinstance(words, list | tuple) else [words]:
        named = {one: {}} if isinstance(one, str) else one
        found += [(str(name), settings) for name, settings in named.items()]
    return found


def find(group: Group, name: str, table: Table, kind: str, settings: dict[str, Any]) -> Callable[..., Any]:
    """What a name stands for; raises ConfigError where there is none, or where it lacks a setting."""
    where = SETTINGS[group]
    if name in ELSEWHERE:
        raise ConfigError(f"{where}: {name} is {ELSEWHERE[name]}")
    found = table.get(name) or from_file(group, name, kind)
    if found is None:
        names = [*table, *names_of_files(group, kind)]
        raise ConfigError(f"{where}: expected one of {', '.join(names)}; got {name}{suggest(name, names)}")
    known = arguments(found)
    unknown = [setting for setting in settings if setting not in known or setting in FACTS]
    if unknown and not any(one.kind is one.VAR_KEYWORD for one in known.values()):
        takes = ", ".join(setting for setting in known if setting not in FACTS) or "none"
        raise ConfigError(f"{where}.{name}.{unknown[0]}: no such setting; it takes {takes}")
    lacking = [setting for setting in lacks(group, known) if setting not in settings]
    if lacking:
        raise ConfigError(f"{where}.{name}: needs {lacking[0]}; write {{{name}:{{{lacking[0]}:…}}}}")
    return found


def lacks(group: Group, known: Mapping[str, inspect.Parameter]) -> list[str]:
    """The arguments without a default that nothing fills in; the first two of a loss are its tensors."""
    told = list(known.values())[2 if group == "loss" else 0 :]
    named = [one for one in told if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)]
    return [one.name for one in named if one.default is one.empty and one.name not in FACTS]


def arguments(found: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    """The arguments of a function, or of a class's constructor."""
    return inspect.signature(found).parameters


def tried(group: Group, name: str, build: Callable[..., Any], *values: Any, **settings: Any) -> Any:
    """What is built; a ValueError of it is the user's to mend, and told with the name."""
    try:
        return build(*values, **settings)
    except ValueError as error:
        raise ConfigError(f"{SETTINGS[group]}.{name}: {one_line(error)}") from error


def from_file(group: Group, name: str, kind: str) -> Callable[..., Any] | None:
    """What the file of that name defines; none where no file is, or one for other targets.

    Raises ConfigError where the file defines something else.
    """
    path = f"kindling.{group}.{name}"
    if not name.isidentifier() or not find_spec(path):
        return None
    module = import_module(path)
    found: Callable[..., Any] | None = getattr(module, title(group, name), None)
    if found is None:
        what = "function" if group == "loss" else "class"
        raise ConfigError(f"{module.__file__}: expected a {what} {title(group, name)}, got none of that name")
    return found if getattr(module, "KIND", kind) == kind else None


def title(group: Group, name: str) -> str:
    """How it is called in its file: a loss as a function `top_k`, a metric as a class `TopK`."""
    return name if group == "loss" else "".join(word.capitalize() for word in name.split("_"))


def names_of_files(group: Group, kind: str) -> Iterator[str]:
    """The files of the folder that would do."""
    for _, name, _ in pkgutil.iter_modules(import_module(f"kindling.{group}").__path__):
        with suppress(ConfigError):
            if from_file(group, name, kind):
                yield name
