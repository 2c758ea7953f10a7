"""Which words make the jobs of a sweep: those of the line, and those of the sweeper's own table."""

import math
from pathlib import Path
from typing import Any

from hydra.core.override_parser.types import IntervalSweep, Override
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from kindling.check.compose import Composer
from kindling.check.fit import fits
from kindling.check.grammar import key_of, spread
from kindling.check.job import Job, quoted, short, taken
from kindling.check.option import Conf
from kindling.check.score import direction, measured, suggest_metric
from kindling.error import ConfigError
from kindling.sweep.job import SWEEP

PARAMS = "hydra.sweeper.params"


def swept(composer: Composer, words: list[str], multirun: bool) -> list[str] | None:
    """The words that the jobs of a sweep come from; None for a single run.

    Raises ConfigError over what the sweeper can't do.
    """
    overrides = composer.parse(words, [])
    for one in overrides:
        require_own_words(one, multirun)
    single = {str(one.input_line) for one in overrides if not one.is_sweep_override()}
    cfg, job, _ = composer.job([word for word in words if word in single])
    if cfg is None:  # its mistakes are told of each job
        return words if multirun else None
    typed = {key_of(word) for word in words}
    searches = bool(cfg.get("sweep")) and not str(cfg.sweep._target_).endswith((".Grid", ".LearningRate"))
    repeats = cfg.get("cv") is not None or cfg.get("seeds") != 1 or "sweep" in typed
    if not multirun and not repeats and cfg.hydra.mode is not RunMode.MULTIRUN:
        return None
    told = [f"{key}={value}" for key, value in params(cfg).items() if key_of(key) not in typed]
    if str(cfg.hydra.sweeper._target_).endswith(".KindlingSweeper"):
        parsed = composer.parse([*told, *words], [])
        if searches and not any(one.is_sweep_override() for one in parsed):
            write = "'optimizer.lr=tag(log,interval(1e-4,1e-1))'"
            raise ConfigError(f"sweep: expected a setting to search, got none; add {write}")
        for one in parsed:
            require_ends(one, job) if searches else require_values(one)
        if job:
            require_objectives(job)
    return [*told, *words]


def params(cfg: DictConfig) -> dict[str, Any]:
    """What a file sets the sweeper to; tables are of sweepers with a grammar of their own."""
    found: Any = OmegaConf.to_container(cfg.hydra.sweeper, resolve=False)
    told = found.get("params")
    return {key: one for key, one in told.items() if not isinstance(one, dict)} if told else {}


def require_own_words(override: Override, multirun: bool) -> None:
    """Raise ConfigError where Hydra's own settings are swept over, or hold what is to be swept over."""
    name, line = override.key_or_group, short(str(override.input_line))
    if name == "hydra.sweep.subdir":
        raise ConfigError(f"{line}: a sweep names the folders of its jobs itself; leave it out")
    told: Any = override.value() if name == PARAMS and isinstance(override._value, dict) else {}
    if name.startswith(f"{PARAMS}."):
        value = str(override.input_line).partition("=")[2].strip("'\"")
        told = {name.removeprefix(f"{PARAMS}."): value}
    if told:
        write = " ".join(quoted(short(f"{key}={value}")) for key, value in told.items())
        more = "" if multirun else "-m "
        raise ConfigError(f"{line}: expected the settings themselves, got the sweeper's; write {more}{write}")
    if override.is_sweep_override() and override.get_key_element().partition(".")[0] in SWEEP:
        first = next(iter(spread(override)), name)
        raise ConfigError(f"{line}: expected one value for the whole sweep, got several; write {first}")
    if override.is_sweep_override() and name.partition(".")[0].partition("/")[0] == "hydra":
        first = next(iter(spread(override)), name)
        raise ConfigError(f"{line}: expected one value, as Hydra's own can't be swept over; write {first}")


def require_values(override: Override) -> None:
    """Raise ConfigError for an interval, which a grid can't search."""
    if isinstance(override._value, IntervalSweep):
        ends = ",".join(word.partition("=")[2] for word in spread(override))
        line, write = short(str(override.input_line)), f"{override.get_key_element()}={ends}"
        expected = "values, as sweep=grid tries each, got an interval"
        raise ConfigError(f"{line}: expected {expected}; write {write}, or add sweep=random or sweep=optuna")


def require_ends(override: Override, job: Job | None) -> None:
    """Raise ConfigError for an interval that holds nothing, has no log scale, or what can't be set."""
    told = override._value
    if not isinstance(told, IntervalSweep) or told.start is None or told.end is None:
        return
    key, line, low = override.get_key_element(), short(str(override.input_line)), told.start
    if low >= told.end:
        raise ConfigError(f"{line}: expected the lower end first, got {low}, {told.end}; turn them round")
    if "log" in told.tags and low <= 0:
        raise ConfigError(f"{line}: expected an end above 0 for a log scale, got {low}; raise it")
    between = low + (told.end - low) / math.pi
    if (
        job
        and isinstance(low, float)
        and refuses(job, key, between)
        and not refuses(job, key, round(between))
    ):
        raise ConfigError(f"{line}: expected whole numbers, got all between; write '{key}=int(interval(…))'")


def require_objectives(job: Job) -> None:
    """Raise ConfigError where one of several objectives isn't measured, or has no better end."""
    names = job.at("sweep.objectives") or []
    known = measured(job)
    if names and job.at("sweep.pruner") not in (None, "none"):
        got = short(str(job.at("sweep.pruner")))
        raise ConfigError(f"sweep.pruner: expected none with sweep.objectives, got {got}; leave out one")
    for name in names if isinstance(names, list) else []:
        if name not in known:
            near = suggest_metric(str(name), known)
            raise ConfigError(f"sweep.objectives: expected some of {', '.join(known)}; got {name}{near}")
        if mode(job, name) is None:
            expected = f"a metric of which more or less is better, got {name}"
            raise ConfigError(f"sweep.objectives: expected {expected}; set higher_is_better in its class")


def refuses(job: Job, name: str, value: float) -> bool:
    """Whether a setting doesn't take a number."""
    target = job.at(f"{name.rpartition('.')[0]}._target_")
    return not fits(value, job.schema(name, taken(target)))


def modes(config: dict[str, Any], names: list[str]) -> dict[str, str]:
    """Which end of each metric is better, by the settings of the sweep."""
    job = Job(Conf(Path()), [], {}, config)
    return {name: mode(job, name) or "min" for name in names}


def mode(job: Job, name: str) -> str | None:
    """Which end of a metric is better; None where nothing tells."""
    watched = name == job.at("monitor.metric")
    return str(job.at("monitor.mode")) if watched else direction(job, name.partition("/")[2])
