"""Which words make the jobs of a sweep: those of the line, and those of the sweeper's own table."""

from typing import Any

from hydra.core.override_parser.types import IntervalSweep, Override
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from kindling.check.compose import Composer
from kindling.check.grammar import key_of, spread
from kindling.check.job import quoted, short
from kindling.error import ConfigError

PARAMS = "hydra.sweeper.params"


def swept(composer: Composer, words: list[str], multirun: bool) -> list[str] | None:
    """The words that the jobs of a sweep come from; None for a single run.

    Raises ConfigError over what the sweeper can't do.
    """
    overrides = composer.parse(words, [])
    for one in overrides:
        require_own_words(one, multirun)
    single = {str(one.input_line) for one in overrides if not one.is_sweep_override()}
    cfg, _, _ = composer.job([word for word in words if word in single])
    if cfg is None:  # its mistakes are told of each job
        return words if multirun else None
    if not multirun and cfg.hydra.mode is not RunMode.MULTIRUN:
        return None
    typed = {key_of(word) for word in words}
    told = [f"{key}={value}" for key, value in params(cfg).items() if key_of(key) not in typed]
    if str(cfg.hydra.sweeper._target_).endswith(".BasicSweeper"):
        for one in composer.parse([*told, *words], []):
            require_values(one)
    return [*told, *words]


def params(cfg: DictConfig) -> dict[str, Any]:
    """What a file sets the sweeper to; tables are of sweepers with a grammar of their own."""
    found: Any = OmegaConf.to_container(cfg.hydra.sweeper, resolve=False)
    told = found.get("params")
    return {key: one for key, one in told.items() if not isinstance(one, dict)} if told else {}


def require_own_words(override: Override, multirun: bool) -> None:
    """Raise ConfigError where Hydra's own settings are swept over, or hold what is to be swept over."""
    name, line = override.key_or_group, short(str(override.input_line))
    told: Any = override.value() if name == PARAMS and isinstance(override._value, dict) else {}
    if name.startswith(f"{PARAMS}."):
        value = str(override.input_line).partition("=")[2].strip("'\"")
        told = {name.removeprefix(f"{PARAMS}."): value}
    if told:
        write = " ".join(quoted(short(f"{key}={value}")) for key, value in told.items())
        more = "" if multirun else "-m "
        raise ConfigError(f"{line}: expected the settings themselves, got the sweeper's; write {more}{write}")
    if override.is_sweep_override() and name.partition(".")[0].partition("/")[0] == "hydra":
        first = next(iter(spread(override)), name)
        raise ConfigError(f"{line}: expected one value, as Hydra's own can't be swept over; write {first}")


def require_values(override: Override) -> None:
    """Raise ConfigError for an interval, which the basic sweeper can't search."""
    if isinstance(override._value, IntervalSweep):
        ends = ",".join(word.partition("=")[2] for word in spread(override))
        line, write = short(str(override.input_line)), f"{override.get_key_element()}={ends}"
        expected = "values, as the basic sweeper tries each, got an interval"
        raise ConfigError(f"{line}: expected {expected}; write {write}, or add a sweeper that searches")
