"""What is wrong with a command line, in one line; nothing heavy is imported here."""

import inspect
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException, InstantiationException, MissingConfigException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from kindling.error import ConfigError, StoppedError, UnsuitableError, UserError, as_user_error
from kindling.run.folder import Run
from kindling.run.naming import run_folder

VALUE_FLAGS = {"--config-path", "-cp", "--config-name", "-cn", "--config-dir", "-cd", "--package", "-p"}
VALUE_FLAGS |= {"--cfg", "-c", "--info", "-i"}
failed: list[str] = []  # what went wrong in which job of a sweep


def launch(main: Callable[[], Any]) -> None:
    """Run a Hydra program so that each mistake is one line, with the exit code of its kind."""
    OmegaConf.register_new_resolver("run_folder", run_folder, replace=True)
    os.environ.setdefault("HYDRA_FULL_ERROR", "1")  # makes Hydra raise, where else it would print
    sys.argv[1:] = flags_first(sys.argv[1:])
    try:
        main()
    except (HydraException, OmegaConfBaseException) as error:
        end(ConfigError(explain(error)))
    except KeyboardInterrupt:
        end(StoppedError(2, "SIGINT"))
    except Exception as error:
        known = as_user_error(error) or (ConfigError(one_line(error)) if is_hydras(error) else None)
        if known is None:
            raise
        end(known)
    if failed:
        print("\n".join([f"sweep: {len(failed)} failed, the others are done", *failed]), file=sys.stderr)
        raise SystemExit(7)


def is_hydras(error: Exception) -> bool:
    """Whether Hydra raised it over the words, as it does with a plain ValueError for `experiment=null`."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and str(trace.tb_frame.f_globals.get("__name__")).startswith("hydra.")


def flags_first(words: list[str]) -> list[str]:
    """Hydra's own parser refuses a flag between two overrides: `a=1 -m b=2`."""
    flags: list[str] = []
    overrides: list[str] = []
    for before, word in zip(["", *words], words, strict=False):
        (flags if word.startswith("-") or before in VALUE_FLAGS else overrides).append(word)
    return flags + overrides


@contextmanager
def open_run(cfg: DictConfig) -> Iterator[Run]:
    """Record this run. An error of the user's becomes one line; in a sweep the other jobs go on."""
    hydra = HydraConfig.get()
    overrides: Any = OmegaConf.to_container(hydra.overrides.task, resolve=False)
    try:
        require_one_trainer(cfg, in_sweep=hydra.mode is RunMode.MULTIRUN)
        with Run(Path(hydra.runtime.output_dir), plain(cfg), overrides) as run:
            yield run
    except UserError as error:
        if hydra.mode is RunMode.RUN or isinstance(error, StoppedError):
            end(error)
        print(error, file=sys.stderr)
        failed.append(f"#{hydra.job.num} {' '.join(overrides)}: {error}")


def require_one_trainer(cfg: DictConfig, in_sweep: bool) -> None:
    """Refuse what would start processes that don't know of one another."""
    alone = cfg.trainer.get("strategy", "auto") == "auto"
    if in_sweep and not alone:
        end(
            ConfigError(
                "trainer.strategy: in a sweep (-m) expected auto, as Lightning would start the whole "
                f"sweep in each process, got {cfg.trainer.strategy}; start the jobs one by one"
            )
        )
    processes = os.environ.get("WORLD_SIZE", "1") if "TORCHELASTIC_RUN_ID" in os.environ else "1"
    if alone and processes != "1":
        raise ConfigError(
            f"trainer.strategy: torchrun started {processes} processes, expected ddp, got auto; "
            f"add trainer=ddp trainer.devices={os.environ.get('LOCAL_WORLD_SIZE', processes)}"
        )


def end(error: UserError) -> NoReturn:
    """Say it and leave; Hydra lets a SystemExit pass, and would add lines to anything else."""
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
    return {group: word for group, word in found.items() if "/" not in group}


@contextmanager
def told_of(group: str) -> Iterator[None]:
    """Name the words that were chosen, in what goes wrong while a group is built."""
    chosen = {"data": "data", **choices()}
    name = f"{group}={chosen.get(group, '?')}"
    try:
        yield
    except UnsuitableError as error:
        text = f"{name} needs {error.needs}; data={chosen['data']} has {error.has}"
        raise ConfigError(text) from None
    except InstantiationException as error:
        cause, text = error.__cause__, one_line(error)
        unknown = re.search(r"unexpected keyword argument '(\w+)'", text)
        if unknown:
            raise ConfigError(f"{group}.{unknown[1]}: {name} has no such setting") from error
        if cause is None or "Error locating target" in text:
            raise ConfigError(f"{name}: {text}") from error
        raise cause from None  # the user's to mend, or a bug with a traceback of its own
    except Exception as error:
        known = as_user_error(error)
        if known is None or known is error:
            raise
        raise type(known)(f"{name}: {known}") from error


def require_known(made: Any, group: str, facts: dict[str, Any]) -> None:
    """Refuse a setting that a partial's target doesn't have, such as `dropout` on a network without it."""
    if not isinstance(made, partial):
        return
    known = inspect.signature(made.func).parameters
    open_ended = any(parameter.kind is parameter.VAR_KEYWORD for parameter in known.values())
    unknown = [] if open_ended else [name for name in made.keywords if name not in known]
    if unknown:
        takes = ", ".join(name for name in known if name not in ("params", *facts)) or "none"
        name = f"{group}={choices().get(group, '?')}"
        raise ConfigError(f"{group}.{unknown[0]}: {name} has no such setting; it takes: {takes}")


def explain(error: Exception) -> str:
    """Hydra's words for a mistake on one line, with the nearest word that would do."""
    text = one_line(error)
    if isinstance(error, MissingConfigException):
        group, _, word = str(error.missing_cfg_file).rpartition("/")
        options = sorted(path.stem for path in (conf() / group).glob("*.yaml"))
        return f"{group}={word}: no such option, expected one of {', '.join(options)}{suggest(word, options)}"
    unknown = re.match(r"Could not override '([^']+)'", text)
    if unknown:
        return f"{unknown[1]}: no such setting{suggest(unknown[1], settings())}"
    return text


def one_line(error: Exception) -> str:
    """The words of an error without its line breaks."""
    return " ".join(str(error).split())


def suggest(word: str, words: list[str]) -> str:
    """The nearest of the words, as the end of a sentence."""
    nearest = get_close_matches(word, words, n=1)
    return f"; did you mean {nearest[0]}?" if nearest else "; show them all: python train.py --cfg job"


def conf() -> Path:
    """The folder of the program's configuration."""
    return Path(sys.argv[0]).resolve().parent / "conf"


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


def dotted(settings: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """The name of every setting, with the groups it lies in."""
    for key, value in settings.items():
        yield f"{prefix}{key}"
        if isinstance(value, dict):
            yield from dotted(value, f"{prefix}{key}.")
