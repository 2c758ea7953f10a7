"""Losses, metrics and what is monitored, against what the task has."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from kindling.check.job import Job, short
from kindling.check.signature import constant
from kindling.check.source import file_of, text_of
from kindling.error import suggest


def told(job: Job, group: str, name: str) -> Any:
    """A constant of a group's class; None where it has none that can be read."""
    found = constant(str(job.at(f"{group}._target_")), name) if job.at(f"{group}._target_") else None
    try:
        return ast.literal_eval(found) if found else None
    except ValueError:
        return None


def known(job: Job, group: str) -> list[str]:
    """The losses or metrics of the job's task: its own, then the files for such targets."""
    table = constant(str(job.at("task._target_")), f"known_{'losses' if group == 'loss' else 'metrics'}")
    own = [ast.literal_eval(key) for key in table.keys if key] if isinstance(table, ast.Dict) else []
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
    """A metric to look at that nobody measures while training."""
    if job.at("module._target_") != "kindling.module.LitModule" or not job.at("task._target_"):
        return  # another algorithm logs what it will
    names = ["loss", *map(short, chosen(job.at("task.metrics")))]
    measured = [f"{stage}/{name}" for stage in ("val", "train") for name in names]
    asked = {"monitor.metric", "scheduler.monitor", "callback.early_stopping.monitor"}
    for setting in sorted(asked):
        metric = job.at(setting)
        same = setting != "monitor.metric" and metric == job.at("monitor.metric")
        if metric is not None and not same and metric not in measured:
            got = short(str(metric)) + suggest_metric(str(metric), measured)
            yield f"{job.where(setting)}: expected one of {', '.join(measured)}; got {got}"
    metric, mode = str(job.at("monitor.metric")), job.at("monitor.mode")
    if metric.endswith("/loss") and mode == "max":
        yield f"monitor.mode: expected min for {metric}, got max; add monitor.mode=min"
    own = job.at("callback.early_stopping.mode")
    if job.at("callback.early_stopping.monitor") == metric and own in ("min", "max") and own != mode:
        yield f"callback.early_stopping.mode: expected {mode} as monitor.mode, got {own}; leave it out"


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
