"""What can't be trained, or not as it was meant, though each of its words is right."""

import os
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from kindling.error import ConfigError, dotted, suggest

SCHEDULE = {"scheduler", "interval", "frequency", "monitor", "strict", "name", "horizon", "rates"}


def require_ready(
    conf: Path, overrides: list[str], config: dict[str, Any], words: dict[str, Any], in_sweep: bool
) -> None:
    """Refuse what would train nothing, or something else than was said; raises ConfigError or DataError."""
    require_known_names(conf, config)
    require_agreement(conf, overrides)
    if words.get("task") == "auto":  # the plugin for it found none: tell why
        from kindling.source.target import find_task

        find_task(config["data"])
    require_training(config["trainer"], in_sweep)


def require_known_names(conf: Path, config: dict[str, Any]) -> None:
    """Refuse what nothing reads: a new name on top, or beside a schedule's own; raises ConfigError."""
    edits = {"regularizer", "experiment", "debug"}
    for group in edits & config.keys():
        first = "# @package _global_"
        raise ConfigError(f"conf/{group}: expected each file to begin with the line {first}, got one without")
    groups = {path.name for path in conf.iterdir() if path.is_dir()} - edits
    names = list(dotted(config))
    for name in sorted(config.keys() - read(conf / "config.yaml").keys() - groups):
        raise ConfigError(f"{name}: no such setting{suggest(name, [one for one in names if one != name])}")
    for name in sorted((config.get("scheduler") or {}).keys() - SCHEDULE):
        raise ConfigError(f"scheduler.{name}: no such setting; did you mean scheduler.scheduler.{name}?")


def require_training(trainer: dict[str, Any], in_sweep: bool) -> None:
    """Refuse what would train nothing, or start processes that don't know of one another."""
    if trainer.get("fast_dev_run") or trainer.get("max_epochs") == 0:
        raise ConfigError("trainer: expected one epoch or more and no fast_dev_run; try debug=one_batch")
    alone = trainer.get("strategy", "auto") == "auto" and str(trainer.get("devices")) == "1"
    if in_sweep and not alone:  # Lightning would run the whole sweep in each process
        raise ConfigError("trainer: in a sweep expected devices=1 and strategy=auto; start jobs one by one")
    started = os.environ.get("WORLD_SIZE") or os.environ.get("SLURM_STEP_NUM_TASKS") or "1"
    if alone and started != "1":
        raise ConfigError(f"trainer: each of {started} processes would train alone; add trainer=ddp")


def require_agreement(conf: Path, overrides: list[str]) -> None:
    """Refuse two regularizers that set the same thing to different values; raises ConfigError."""
    for first, second in combinations(chosen(overrides), 2):
        one, other = (dict(leaves(read(conf / "regularizer" / f"{word}.yaml"))) for word in (first, second))
        for name in sorted(one.keys() & other.keys()):
            if one[name] != other[name]:
                values = f"{one[name]} and {other[name]}"
                raise ConfigError(
                    f"regularizer=[{first},{second}]: set {name} to {values}; choose one of them"
                )


def chosen(overrides: list[str]) -> list[str]:
    """The words of regularizer=[…] on a command line."""
    lists = [re.fullmatch(r"\+?regularizer=\[(.*)\]", word) for word in overrides]
    return [word.strip(" '\"") for found in lists if found for word in found[1].split(",") if word.strip()]


def read(path: Path) -> Any:
    """What a YAML sets; nothing where there is none, which Hydra has told."""
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}


def leaves(settings: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every setting by its dotted name, with its value."""
    for key, value in (settings or {}).items():
        if isinstance(value, dict):
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
