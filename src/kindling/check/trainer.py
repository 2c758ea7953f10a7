"""What Lightning's Trainer refuses: told by the words where they show it, else in its own words."""

import re
from collections.abc import Iterator
from typing import Any

from kindling.check.fit import Schema, describe, fits, spelled
from kindling.check.job import Job, short
from kindling.check.signature import parameters
from kindling.check.source import installed
from kindling.check.target import lacking
from kindling.check.value import FACTS
from kindling.error import ConfigError, MachineError, UserError, one_line, suggest

TRAINER = "pytorch_lightning.Trainer"
SOME: Schema = {
    "anyOf": [{"type": "integer", "minimum": 1}, {"type": "number", "exclusiveMinimum": 0, "maximum": 1}]
}
SOME_OR_NONE: Schema = {
    "anyOf": [{"type": "integer", "minimum": 0}, {"type": "number", "minimum": 0, "maximum": 1}]
}
TAKES = {  # beyond the annotations: batches are a number of them, or a share; and what to write instead
    "limit_train_batches": (SOME, "1.0"),
    "limit_val_batches": (SOME_OR_NONE, "1.0"),
    "limit_test_batches": (SOME_OR_NONE, "1.0"),
    "overfit_batches": (SOME_OR_NONE, "0"),
    "val_check_interval": (SOME, "1.0"),
    "profiler": ({"enum": ["simple", "advanced", "pytorch", "xla"]}, "simple"),
    "gradient_clip_algorithm": ({"enum": ["norm", "value"]}, "norm"),
}
NEEDS = {r"tpu|xla": "torch_xla", "transformer-engine": "transformer_engine", "deepspeed": "deepspeed"}
UNITS = {"weeks", "days", "hours", "minutes", "seconds"}


def wrong_trainer(job: Job) -> Iterator[UserError]:
    """Every setting of Lightning's Trainer that it would refuse; another trainer takes what it will."""
    if job.at("trainer._target_") == TRAINER:
        for check in (amounts, validation, devices, time):
            for text in check(job):
                yield ConfigError(text)
        yield from lacks(job)


def amounts(job: Job) -> Iterator[str]:
    """Shares above all of it, half a batch, a word that is none of a few."""
    for name, (schema, write) in TAKES.items():
        value, full = job.at(f"trainer.{name}"), f"trainer.{name}"
        plain = value.lower() if isinstance(value, str) else value
        plain = int(plain) if isinstance(plain, float) and plain.is_integer() and plain > 1 else plain
        is_else = isinstance(plain, dict) or is_time(plain)  # what annotations judge
        if plain is not None and not is_else and not fits(plain, schema):
            hint = suggest(str(value), schema.get("enum", [])) or f"; write {full}={write}"
            yield f"{job.where(full)}: expected {describe(schema)}, got {short(spelled(value))}{hint}"


def validation(job: Job) -> Iterator[str]:
    """No validation, where something looks at what it measures."""
    asked = ("monitor.metric", "scheduler.monitor", "callback.early_stopping.monitor")
    looks = next((one for one in asked if str(job.at(one)).startswith("val/")), None)
    if looks and job.at("trainer.limit_val_batches") == 0:
        where, measured = job.where("trainer.limit_val_batches"), f"{looks}={job.at(looks)}"
        yield f"{where}: expected 1 or more, as validation measures {measured}, got 0; leave it out"


def devices(job: Job) -> Iterator[str]:
    """No number of processes on the CPU, and no number or list of GPUs."""
    value, where = job.at("trainer.devices"), job.where("trainer.devices")
    if value in (None, "auto"):
        return
    numbers, is_list = numbered(value), isinstance(value, list) or "," in str(value)
    if is_list:
        is_right = bool(numbers) and min(numbers) >= 0 and len({*numbers}) == len(numbers)
    else:
        is_right = bool(numbers) and (numbers[0] > 0 or numbers[0] == -1)
    got = f"got {short(spelled(value))}"
    if is_right and job.at("trainer.accelerator") == "cpu" and (is_list or numbers[0] == -1):
        yield f"{where}: expected a number of processes on the CPU, {got}; write trainer.devices=1"
    elif not is_right:
        is_kind = value in ("cpu", "gpu", "cuda", "mps", "tpu")
        write = f"trainer.accelerator={value}" if is_kind else "trainer.devices=1"
        yield f"{where}: expected how many, -1 for all GPUs, or which as [0,1], {got}; write {write}"


def numbered(value: Any) -> list[int]:
    """The numbers of devices, told as Lightning takes them; none where it is something else."""
    texts = value if isinstance(value, list) else str(value).split(",")
    try:
        return [int(one) for one in texts if str(one).strip()]
    except (TypeError, ValueError):
        return []


def time(job: Job) -> Iterator[str]:
    """The longest time of a run told otherwise than Lightning reads it; a time where only batches do."""
    value, where = job.at("trainer.max_time"), job.where("trainer.max_time")
    if value is not None and not is_time(value):
        got = f"got {short(spelled(value))}"
        yield f"{where}: expected days:hours:minutes:seconds, {got}; write trainer.max_time=00:12:00:00"
    interval, stops = job.at("trainer.val_check_interval"), job.at("callback.early_stopping")
    if is_time(interval) and stops:  # which reads a number there
        where, got = job.where("trainer.val_check_interval"), f"got {short(spelled(interval))}"
        yield f"{where}: expected batches for callback.early_stopping, {got}; leave one of them out"


def is_time(value: Any) -> bool:
    """Whether Lightning reads it as a time: 00:01:30:00, or numbers by unit."""
    if isinstance(value, dict):
        return "_target_" in value or value.keys() <= UNITS
    return isinstance(value, str) and re.fullmatch(r"\d+:\d\d:\d\d:\d\d", value.strip()) is not None


def lacks(job: Job) -> Iterator[UserError]:
    """A word that needs a package beyond Lightning's own."""
    for name in ("accelerator", "strategy", "precision", "profiler"):
        word = job.at(f"trainer.{name}")
        for pattern, package in NEEDS.items():
            if isinstance(word, str) and re.search(pattern, word) and not installed(package):
                yield lacking(job.where(f"trainer.{name}"), short(word), package)


def refused_by_lightning(error: BaseException, part: str) -> UserError | None:
    """What it says itself, with the setting's name where it tells that; None for a bug."""
    words, where = one_line(error), f"{part}: " if part else ""
    if "No supported gpu" in words:
        return MachineError(f"{where}expected a GPU that torch can use, got none; write trainer=cpu")
    if "selected with `CPUAccelerator`" in words:  # the words name GPUs, or they would have been refused
        text = "expected a GPU that torch can use, got none; write trainer.devices=1"
        return MachineError(f"trainer.devices: {text}")
    if found := re.search(r"invalid strategy name: `strategy='(.*?)'`", words):
        from pytorch_lightning.strategies import StrategyRegistry  # which is imported, as it raised this

        known = ["auto", *StrategyRegistry.available_strategies()]
        hint = suggest(found[1], known) or "; write trainer.strategy=auto"
        shown = ", ".join(one for one in known if "_find_" not in one)
        return ConfigError(f"trainer.strategy: expected one of {shown}, got {found[1]}{hint}")
    told = parameters(TRAINER) if part.startswith("trainer") or not part else None
    names = [*told.named.keys() - FACTS["trainer"]] if told else []
    named = re.search(rf"\b({'|'.join(names)})\b", words) if names else None
    if not named and not part and type(error).__name__ != "MisconfigurationException":
        return None
    is_lack = re.search(r"machine only has|can not run on your system|not met|must have \S+ installed", words)
    return (MachineError if is_lack else ConfigError)(
        f"trainer.{named[1]}: {words}" if named else where + words
    )
