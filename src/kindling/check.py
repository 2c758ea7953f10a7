"""What is wrong with a command line, in one line; nothing heavy is imported here."""

import inspect
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException, InstantiationException, MissingConfigException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import MissingMandatoryValue, OmegaConfBaseException

from kindling import error as errors
from kindling.error import ConfigError, UserError, dotted, one_line, suggest
from kindling.ready import require_ready
from kindling.run.find import find_checkpoint
from kindling.run.folder import Run
from kindling.run.naming import is_first_rank, run_folder

FLAGS_WITH_VALUE = {"--config-path", "-cp", "--config-name", "-cn", "--config-dir", "-cd", "--package", "-p"}
FLAGS_WITH_VALUE |= {"--cfg", "-c", "--experimental-rerun"}
failed: list[str] = []  # what went wrong in which job of a sweep


def launch(main: Callable[[], Any]) -> None:
    """Run a Hydra program so that each mistake is one line, with the exit code of its kind."""
    OmegaConf.register_new_resolver("run_folder", run_folder, replace=True)
    os.environ.setdefault("HYDRA_FULL_ERROR", "1")  # makes Hydra raise, where else it would print
    sys.argv[1:] = flags_last(sys.argv[1:])
    try:
        main()
    except (Exception, KeyboardInterrupt) as error:
        known = known_error(error)
        if known is None:
            raise
        end(known)
    if failed:
        print(f"sweep: {len(failed)} failed", *failed, sep="\n", file=sys.stderr)
        raise SystemExit(7)


def known_error(error: BaseException) -> UserError | None:
    """The one-line form of an error; None for a bug."""
    if isinstance(error, HydraException | OmegaConfBaseException):
        return None if isinstance(error, InstantiationException) else ConfigError(explain(error))
    cause = error.__cause__
    known = errors.as_user_error(error) or (errors.as_user_error(cause) if cause else None)
    # Hydra raises plain ValueErrors over words, as for `experiment=null`
    return known or (ConfigError(one_line(error)) if errors.raised_in(error).startswith("hydra.") else None)


def flags_last(words: list[str]) -> list[str]:
    """Hydra's own parser refuses a flag between two overrides: `a=1 -m b=2`."""
    flags: list[str] = []
    overrides: list[str] = []
    for before, word in zip(["", *words], words, strict=False):
        owned = before in FLAGS_WITH_VALUE or (before in ("--info", "-i") and "=" not in word)
        (flags if word.startswith("-") or owned else overrides).append(word)
    return overrides + flags


def recorded(cfg: DictConfig, train: Callable[[DictConfig, Run], float]) -> float | None:
    """Train with a record. An error of the user's becomes one line; in a sweep the other jobs go on."""
    hydra = HydraConfig.get()
    overrides: Any = OmegaConf.to_container(hydra.overrides.task, resolve=False)
    in_sweep = hydra.mode is RunMode.MULTIRUN
    try:
        if cfg.init_from:  # `last` is another one tomorrow
            cfg.init_from = str(find_checkpoint(cfg.init_from).absolute())
        with Run(Path(hydra.runtime.output_dir), plain(cfg), overrides) as run:
            require_ready(conf(), overrides, plain(cfg), choices(), in_sweep)
            return train(cfg, run)
    except Exception as error:
        known = known_error(error)
        if known is None and not in_sweep:
            raise
        if known is not None and (not in_sweep or isinstance(known, errors.StoppedError)):
            end(known)
        print(known or traceback.format_exc(), file=sys.stderr)
        failed.append(f"#{hydra.job.num} {' '.join(overrides)}: {known or repr(error)}")
        return None


def end(error: UserError) -> NoReturn:
    """Say it once and leave; Hydra lets a SystemExit pass, and would add lines to anything else."""
    if is_first_rank():
        print(error, file=sys.stderr, flush=True)
    raise SystemExit(error.exit_code)


def plain(cfg: DictConfig) -> dict[str, Any]:
    """Resolve a configuration to plain values."""
    try:
        found: Any = OmegaConf.to_container(cfg, resolve=True, throw_on_missing=True)
    except OmegaConfBaseException as error:
        raise ConfigError(explain(error)) from None
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


def require_known(made: Any, group: str, facts: dict[str, Any]) -> None:
    """Refuse a setting that a partial's target doesn't have, such as `dropout` on a network without it."""
    if not isinstance(made, partial):
        return
    known = inspect.signature(made.func).parameters
    open_ended = any(parameter.kind is parameter.VAR_KEYWORD for parameter in known.values())
    unknown = [] if open_ended else [name for name in made.keywords if name not in known]
    if unknown:
        takes = ", ".join(name for name in known if name not in ("params", *facts))
        others = f"; it takes {takes}" if takes else ""
        raise ConfigError(f"{group}.{unknown[0]}: {named(group)} has no such setting{others}")


def explain(error: BaseException) -> str:
    """Hydra's words for a mistake on one line, with the nearest word that would do."""
    text = one_line(error)
    group, _, word = str(getattr(error, "missing_cfg_file", "")).rpartition("/")
    if isinstance(error, MissingConfigException) and (conf() / group).is_dir() and group:
        options = sorted(path.stem for path in (conf() / group).glob("*.yaml"))
        return f"{group}={word}: no such option, expected one of {', '.join(options)}{suggest(word, options)}"
    unknown = re.match(r"Could not override '([^']+)'", text)
    if unknown:
        name, parent = unknown[1], unknown[1].rpartition(".")[0]
        known = settings()
        siblings = [other for other in known if other.rpartition(".")[0] == parent]
        near = [siblings, [other for other in known if other.startswith(f"{parent}.")]]
        if not parent:  # a group before anything in one
            near = [[other for other in siblings if (conf() / other).is_dir()], known]
        other = f"; to pass on a new one, write +{name}=…" if parent and siblings else "; see --cfg job"
        hint = next(filter(None, (suggest(name, words) for words in near)), other)
        return f"{name}: no such setting with these words{hint}"
    if re.search(r"[^ -'*-}]", word := str(getattr(error, "override", ""))):
        return f"{word}: such characters as ü ~ ( ) need quotes within quotes: \"data.path='grün (1).csv'\""
    where, lacks = getattr(error, "full_key", None), isinstance(error, MissingMandatoryValue)
    told = f"needs a value; add {where}=…" if lacks else str(error).partition("\n")[0]
    return f"{where}: {told}" if where else text


def conf() -> Path:
    """The folder of the program's configuration: beside it, or above a command in scripts/."""
    beside, *above = [folder / "conf" for folder in Path(sys.argv[0]).resolve().parents[:2]]
    return next((folder for folder in (beside, *above) if folder.is_dir()), beside)


def settings() -> list[str]:
    """Groups and dotted keys, as this command line composes them without its mistakes."""
    groups = sorted(path.name for path in conf().iterdir() if path.is_dir())
    words = [word for word in sys.argv[1:] if word.partition("=")[0] in groups]
    GlobalHydra.instance().clear()
    try:
        with initialize_config_dir(str(conf()), version_base="1.3"):
            return groups + list(dotted(plain(compose("config", words))))
    except (HydraException, UserError):
        return groups
