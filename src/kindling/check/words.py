"""The words that were chosen, where Hydra runs the program, and what a part says to them."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from hydra.errors import InstantiationException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from kindling import error as errors
from kindling.check.explain import explain
from kindling.check.option import Conf
from kindling.error import ConfigError
from kindling.sweep.job import SWEEP

PROJECT = Path(__file__).resolve().parents[3]  # whose package this is: a notebook lies anywhere


def conf() -> Path:
    """The folder of the program's configuration: beside it, above a command in scripts/, or the project's."""
    beside, *above = [folder / "conf" for folder in Path(sys.argv[0]).resolve().parents[:2]]
    return next((folder for folder in (beside, *above, PROJECT / "conf") if folder.is_dir()), beside)


def plain(cfg: DictConfig) -> dict[str, Any]:
    """Resolve a configuration to plain values."""
    try:
        found: Any = OmegaConf.to_container(cfg, resolve=True, throw_on_missing=True)
    except OmegaConfBaseException as error:
        raise ConfigError(explain(Conf(conf()), error)) from None
    return {str(key): value for key, value in found.items()}


def resolved(cfg: DictConfig) -> dict[str, Any]:
    """Plain values, `???` where one is missing; without Hydra's part, which holds what comes later."""
    names = [str(key) for key in cfg if key != "hydra"]
    values = {name: "???" if OmegaConf.is_missing(cfg, name) else cfg[name] for name in names}
    is_config = OmegaConf.is_config
    return {
        name: OmegaConf.to_container(one, resolve=True) if is_config(one) else one
        for name, one in values.items()
    }


def own(cfg: DictConfig) -> DictConfig:
    """What a job trains by: without Hydra's part and the sweep's, which are of all jobs together."""
    others = ("hydra", "trial", *SWEEP)
    return OmegaConf.masked_copy(cfg, [str(key) for key in cfg if key not in others])


def unresolved(cfg: DictConfig) -> dict[str, Any]:
    """The values as they stand, unresolved."""
    found: Any = OmegaConf.to_container(cfg, resolve=False)
    return {str(key): value for key, value in found.items()}


def choices() -> dict[str, Any]:
    """The word chosen in each group, where Hydra runs the program."""
    found = HydraConfig.get().runtime.choices if HydraConfig.initialized() else {}
    return {group: word for group, word in found.items() if "/" not in group and group != "hydra"}


def named(group: str) -> str:
    """A group with the word chosen there, for messages."""
    return f"{group}={choices()[group]}" if group in choices() else group


@contextmanager
def told_of(group: str) -> Iterator[None]:
    """Name the words that were chosen, in what goes wrong while a group is built."""
    try:
        yield
    except errors.UnsuitableError as error:
        raise ConfigError(f"{named(group)} needs {error.needs}; {named('data')} has {error.has}") from None
    except Exception as error:
        unknown = re.search(r"unexpected keyword argument '(\w+)'", str(error))
        if unknown and isinstance(error, InstantiationException):
            raise ConfigError(f"{group}.{unknown[1]}: {named(group)} has no such setting") from error
        inner = error.__cause__ if isinstance(error, InstantiationException) else None
        known = errors.as_user_error(inner or error, part=named(group))
        if known is None:
            raise
        raise known from error
