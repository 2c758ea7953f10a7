"""Words that are right alone and wrong together: they train nothing, or something else than was said."""

import ast
import os
import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from kindling.check.job import Job, short, taken
from kindling.check.setting import GLOBAL
from kindling.check.signature import constant
from kindling.check.source import file_of, text_of
from kindling.error import ConfigError, UserError, dotted, suggest

FACADES = {"regularizer", "experiment", "debug"}


def wrong_together(job: Job, in_sweep: bool) -> Iterator[UserError]:
    """Every mistake that shows only in the whole configuration."""
    for check in (names, clashes, ends, processes, samples, targets, scores, monitors, layers, momentum):
        for text in check(job):
            yield ConfigError(text)
    if in_sweep and not alone(job):  # Lightning would run the whole sweep in each process
        yield ConfigError("trainer: in a sweep expected devices=1 and strategy=auto; start jobs one by one")


def names(job: Job) -> Iterator[str]:
    """Names on top that nothing reads."""
    for group in sorted(FACADES & job.config.keys()):
        yield f"conf/{group}: expected each file to begin with the line {GLOBAL}, got one without; add it"
    top = {one.name.partition(".")[0] for one in job.conf.read(job.conf.main)}
    known = list(dotted(job.config))
    for name in sorted(job.config.keys() - top - set(job.conf.groups) - FACADES):
        hint = suggest(name, [one for one in known if one != name]) or "; leave it out"
        yield f"{short(job.where(name))}: no such setting{hint}"


def clashes(job: Job) -> Iterator[str]:
    """Two regularizers that set the same thing to different values."""
    words = [word for word in job.choices.get("regularizer") or [] if isinstance(word, str)]
    for first, second in combinations(words, 2):
        one, other = (values(job, word) for word in (first, second))
        for name in sorted(one.keys() & other.keys()):
            if one[name] != other[name]:
                both = f"{one[name]} and {other[name]}"
                yield f"regularizer=[{first},{second}]: set {name} to {both}; choose one of them"


def values(job: Job, word: str) -> dict[str, str]:
    """What a regularizer sets, by dotted name."""
    path = job.conf.options("regularizer").get(word)
    lines = job.conf.read(path) if path else ()
    return {one.name: one.text for one in lines if one.text and not one.text.startswith("{")}


def ends(job: Job) -> Iterator[str]:
    """A run that trains nothing, or a schedule over a run without an end."""
    if job.at("trainer.fast_dev_run") or job.at("trainer.max_epochs") == 0:
        yield "trainer: expected one epoch or more and no fast_dev_run; try debug=one_batch"
    horizon = job.at("scheduler.horizon")
    endless = job.at("trainer.max_epochs") == -1 and job.at("trainer.max_steps") in (None, -1)
    if horizon and endless and job.at(f"scheduler.scheduler.{horizon}") is None:
        yield f"{job.named('scheduler')}: needs a run with an end, got trainer.max_epochs=-1; set a number"


def alone(job: Job) -> bool:
    """Whether one process trains."""
    return job.at("trainer.strategy") in (None, "auto") and str(job.at("trainer.devices")) == "1"


def processes(job: Job) -> Iterator[str]:
    """Processes that don't know of one another."""
    started = os.environ.get("WORLD_SIZE") or os.environ.get("SLURM_STEP_NUM_TASKS") or "1"
    if alone(job) and started != "1":
        yield f"trainer: each of {started} processes would train alone; add trainer=ddp"


def samples(job: Job) -> Iterator[str]:
    """A network that can't read such samples, as tables; both classes say so in a constant."""
    has = "image" if job.at("data.image_shape") else told(job, "data", "sample")
    needs = told(job, "model", "samples")
    if isinstance(has, str) and isinstance(needs, tuple) and has not in needs:
        kinds = " or ".join(f"{one}s" for one in needs)
        rows = "rows of a table" if has == "table" else f"{has}s"
        yield f"{job.named('model')} needs {kinds}; {job.named('data')} has {rows}; try model=mlp"


def targets(job: Job) -> Iterator[str]:
    """A task for classes on numbers to predict, or the other way."""
    kinds = {"class": "classes", "real": "numbers to predict"}
    needs, has = told(job, "task", "kind"), told(job, "data", "kind")
    if isinstance(has, str) and "." in has:
        has = str(job.at(has))  # a list where one was typed, which its own check refuses
    if needs in kinds and has in kinds and needs != has:
        fits = "regression" if has == "real" else "classification"
        yield (
            f"{job.named('task')} needs {kinds[str(needs)]}; {job.named('data')} has {kinds[str(has)]}; "
            f"write task={fits}"
        )


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


def layers(job: Job) -> Iterator[str]:
    """Layers that wait or learn at rates of their own, where nothing can tell them apart."""
    if job.at("freeze") in ("body", "gradual") and job.at("init_from") is None:
        yield f"freeze={job.at('freeze')}: expected learned weights to hold; add init_from=RUN"
    settings = taken(job.at("optimizer._target_"))
    apart = [
        name for name, value in (("body_learning_rate", None), ("layer_decay", 1)) if job.at(name) != value
    ]
    apart += ["freeze=gradual"] if job.at("freeze") == "gradual" else []
    if settings and not settings.open_ended and "weight_decay" not in settings.named and apart:
        yield f"{job.named('optimizer')}: treats all layers alike; remove {', '.join(apart)}"


def momentum(job: Job) -> Iterator[str]:
    """Nesterov's momentum without any, which torch refuses."""
    if job.at("optimizer.nesterov") is True and job.at("optimizer.momentum") == 0:
        yield "optimizer.nesterov: expected false without momentum, got true; add optimizer.nesterov=false"
