"""Losses, metrics and what is monitored, against what the task has."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from kindling.check.job import Job, short, tables
from kindling.check.signature import constant, held
from kindling.check.source import file_of, find, resolve, text_of
from kindling.error import suggest

MONITORS = {  # what has to be measured, with what says which end of it is better
    "monitor.metric": "monitor.mode",
    "callback.early_stopping.monitor": "callback.early_stopping.mode",
    "scheduler.monitor": "scheduler.scheduler.mode",
}


def told(job: Job, group: str, name: str) -> Any:
    """A constant of a group's class; None where it has none that can be read."""
    found = constant(str(job.at(f"{group}._target_")), name) if job.at(f"{group}._target_") else None
    try:
        return ast.literal_eval(found) if found else None
    except ValueError:
        return None


def table(job: Job, name: str) -> tuple[str, dict[str, ast.expr]]:
    """The names that the task itself brings, with what they stand for, and the module that says so."""
    module, found = held(find(str(job.at("task._target_"))), name) or ("", None)
    pairs = zip(found.keys, found.values, strict=True) if isinstance(found, ast.Dict) else ()
    return module, {str(ast.literal_eval(key)): value for key, value in pairs if key}


def known(job: Job, group: str) -> list[str]:
    """The losses or metrics of the job's task: its own, then the files for such targets."""
    own = list(table(job, f"known_{'losses' if group == 'loss' else 'metrics'}")[1])
    kind, folder = told(job, "task", "kind"), file_of(f"kindling.{group}")
    found = sorted(path.stem for path in folder.parent.glob("*.py")) if folder and kind else []
    suits = rf"^KIND\b.*['\"]{kind}['\"]"
    other = r"^KIND\b"
    for name in found:
        text = text_of(f"kindling.{group}.{name}")
        if name not in ("__init__", "base") and (
            re.search(suits, text, re.M) or not re.search(other, text, re.M)
        ):
            own.append(name)
    return own


def chosen(told: Any) -> list[str]:
    """The names in `task.loss` or `task.metrics`, with or without settings."""
    parts = told if isinstance(told, list) else [told]
    return [str(name) for part in parts for name in (part if isinstance(part, dict) else [part])]


def scores(job: Job) -> Iterator[str]:
    """A loss or metric that the task doesn't have."""
    for setting, group in (("task.loss", "loss"), ("task.metrics", "metric")):
        options = known(job, group) if job.at("task._target_") and job.at(setting) else []
        for name in chosen(job.at(setting)) if options else []:
            if name == "confusion_matrix":
                yield f"{job.where(setting)}: {name} is no single number; choose callback=[confusion_matrix]"
            elif name not in options:
                hint = suggest(name, options) or f"; write {setting}={options[0]}"
                yield f"{job.where(setting)}: expected one of {', '.join(options)}; got {short(name)}{hint}"


def monitors(job: Job) -> Iterator[str]:
    """A metric to look at that nobody measures while training, or whose worst would be taken for best."""
    if job.at("module._target_") != "kindling.module.LitModule" or not job.at("task._target_"):
        return  # another algorithm logs what it will
    known = measured(job)
    ways: list[tuple[Any, Any]] = []  # told of already, as the others follow the first
    for setting, mode in watched(job):
        metric, way = job.at(setting), job.at(mode)
        if metric is None or (metric, way) in ways:
            continue
        before = [one for name, one in ways if name == metric]
        ways.append((metric, way))
        if metric in known:
            better = direction(job, metric.partition("/")[2]) or [*before, way][0]
            where = mode if job.typed(setting) else job.where(mode)
            if way in ("min", "max") and way != better:
                yield f"{where}: expected {better} for {metric}, got {way}; add {mode}={better}"
        elif setting in MONITORS and not before:
            got = short(str(metric)) + suggest_metric(str(metric), known)
            yield f"{job.where(setting)}: expected one of {', '.join(known)}; got {got}"


def measured(job: Job) -> list[str]:
    """All that is measured while training."""
    names = ["loss", *map(short, chosen(job.at("task.metrics")))]
    return [f"{stage}/{name}" for stage in ("val", "train") for name in names]


def watched(job: Job) -> Iterator[tuple[str, str]]:
    """The settings that name a metric to look at, each with that of its better end."""
    yield from MONITORS.items()
    for name, part in tables({"callback": job.at("callback") or {}}):
        if "monitor" in part and f"{name}.monitor" not in MONITORS:
            yield f"{name}.monitor", f"{name}.mode"


def direction(job: Job, name: str) -> str | None:
    """The better end of a metric, as its class says; None where its source can't tell."""
    if name == "loss":
        return "min"
    module, own = table(job, "known_metrics")
    in_file = f"kindling.metric.{name}.{name.title().replace('_', '')}"
    found = resolve(module, own[name]) if name in own else find(in_file)
    if found and isinstance(found.node, ast.FunctionDef):  # which builds one
        last = found.node.body[-1]
        call = last.value if isinstance(last, ast.Return) else None
        found = resolve(found.module, call.func) if isinstance(call, ast.Call) else None
    higher = held(found, "higher_is_better")
    return {"True": "max", "False": "min"}.get(ast.unparse(higher[1])) if higher else None


def suggest_metric(metric: str, measured: list[str]) -> str:
    """The metric that was meant."""
    stage, _, name = metric.rpartition("/")
    near = [one for one in measured if one.endswith(f"/{name}")]
    if stage in ("", "test", "validation", "valid") and near:
        return f"; did you mean {near[0]}?"
    by_name = {one.partition("/")[2]: one for one in reversed(measured)}
    hint = suggest(name, list(by_name))
    word = re.search(r"mean (\S+)\?", hint)
    return f"; did you mean {by_name[word[1]]}?" if word else "; add it to task.metrics or choose another"
