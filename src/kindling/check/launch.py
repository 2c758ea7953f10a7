"""Running a Hydra program so that each mistake is one line, with the exit code of its kind."""

import gc
import logging
import os
import sys
import traceback
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException, InstantiationException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from kindling import error as errors
from kindling.check.compose import Composer
from kindling.check.explain import explain
from kindling.check.flags import SHOWS, flags_last, read_flags
from kindling.check.help import help_on
from kindling.check.option import Conf
from kindling.check.words import conf, own, plain
from kindling.error import ConfigError, UserError, one_line
from kindling.run.find import find_checkpoint
from kindling.run.folder import Run
from kindling.run.naming import is_first_rank, run_folder

failed: list[str] = []  # what went wrong in which job of a sweep


def launch(main: Callable[[], Any]) -> None:
    """Run a Hydra program whose words are checked before anything heavy is imported."""
    words = sys.argv[1:]
    if {"--help", "-h"} & set(words):
        guard(lambda: print(help_on(Conf(conf()), [word for word in words if not word.startswith("-")])))
        return
    sys.argv[1:] = flags_last(words)
    guard(lambda: checked(main, sys.argv[1:]))
    if failed:
        print(f"sweep: {len(failed)} failed", *failed, sep="\n", file=sys.stderr)
        raise SystemExit(7)


def guard(main: Callable[[], Any]) -> None:
    """Run something so that an error of the user's is one line, with the exit code of its kind."""
    OmegaConf.register_new_resolver("run_folder", run_folder, replace=True)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that knows ASCII alone
            stream.reconfigure(errors="replace")
    logging.raiseExceptions = False  # Hydra logs what it shows, to a reader that may have gone
    os.environ.setdefault("HYDRA_FULL_ERROR", "1")  # makes Hydra raise, where else it would print
    try:
        main()
    except (Exception, KeyboardInterrupt) as error:
        known = known_error(error)
        if known is None:
            raise
        end(known)


def checked(main: Callable[[], Any], words: list[str]) -> None:
    """Refuse the words if they are wrong, all mistakes at once, or else do what they say."""
    flags = read_flags(words)
    if not any(getattr(flags, name) for name in SHOWS):
        folder = conf().parent / flags.config_path if flags.config_path else conf()
        beside = Path(flags.config_dir) if flags.config_dir else None
        name = (flags.config_name or "config").removesuffix(".yaml")
        in_sweep = flags.multirun or "hydra.mode=MULTIRUN" in flags.overrides
        with Composer(Conf(folder, name, beside)) as composer:
            jobs = list(composer.jobs(flags.overrides)) if in_sweep else [flags.overrides]
            wrong, tries = check_jobs(composer, jobs, in_sweep)
        if wrong:
            end(*wrong)
        if tries:
            return try_out(tries)
    main()
    return None


def try_out(jobs: list[DictConfig]) -> None:
    """Build each job and put one batch through it, in a folder that goes again."""
    from kindling.build import build
    from kindling.rehearsal import rehearse
    from kindling.transfer import Freeze

    logging.getLogger("pytorch_lightning").setLevel(logging.WARNING)
    for cfg in jobs:
        HydraConfig.instance().set_config(cfg)  # messages name the words that were chosen
        if len(jobs) > 1:
            print("#", *cfg.hydra.overrides.task)
        with TemporaryDirectory() as folder:
            data, module, trainer = build(own(cfg), Path(folder))
            callbacks: list[Any] = trainer.callbacks  # type: ignore[attr-defined]
            for callback in callbacks:
                if isinstance(callback, Freeze):  # what is held costs no memory
                    callback.on_train_epoch_start(trainer, module)
            print(rehearse(data, module, trainer.strategy.root_device))
    print("check: everything fits, nothing was trained")


def check_jobs(
    composer: Composer, jobs: list[list[str]], in_sweep: bool
) -> tuple[list[UserError], list[DictConfig]]:
    """What is wrong with which job; and the jobs that are only to be tried out."""
    wrong: dict[str, UserError] = {}
    where: dict[str, list[str]] = {}
    tries = []
    for words in jobs:
        cfg, found = composer.check(words, in_sweep)
        for error in found:
            if in_sweep and isinstance(error, errors.DataError):
                continue  # nothing of the words: the job tells it, and the others go on
            wrong.setdefault(str(error), error)
            where.setdefault(str(error), []).append(" ".join(words))
        if cfg is not None and cfg.get("check") is True:
            tries.append(cfg)
    for text, told in where.items():
        if len(told) < len(jobs):
            more = f" and {len(told) - 1} more" if len(told) > 1 else ""
            wrong[text] = type(wrong[text])(f"{text} (in {told[0]}{more})")
    return list(wrong.values()), tries


def known_error(error: BaseException) -> UserError | None:
    """The one-line form of an error; None for a bug."""
    if isinstance(error, HydraException | OmegaConfBaseException):
        is_bug = isinstance(error, InstantiationException)
        return None if is_bug else ConfigError(explain(Conf(conf()), error))
    cause = error.__cause__
    known = errors.as_user_error(error) or (errors.as_user_error(cause) if cause else None)
    # Hydra raises plain ValueErrors over words, as for `experiment=null`
    return known or (ConfigError(one_line(error)) if errors.raised_in(error).startswith("hydra.") else None)


def recorded(cfg: DictConfig, train: Callable[[DictConfig, Run], float]) -> float | None:
    """Train with a record. An error of the user's becomes one line; in a sweep the other jobs go on."""
    hydra = HydraConfig.get()
    overrides: Any = OmegaConf.to_container(hydra.overrides.task, resolve=False)
    in_sweep = hydra.mode is RunMode.MULTIRUN
    try:
        if cfg.init_from is not None:  # `last` is another one tomorrow
            cfg.init_from = str(find_checkpoint(cfg.init_from).absolute())
        with Run(Path(hydra.runtime.output_dir), plain(cfg), overrides) as run:
            load()
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


def load() -> None:
    """Import torch and Lightning; a tenth of the time would go into collecting garbage that isn't there."""
    gc.disable()
    try:
        import kindling.build  # noqa: F401
    finally:
        gc.freeze()
        gc.enable()


def end(*errors: UserError) -> NoReturn:
    """Say each once and leave; Hydra lets a SystemExit pass, and would add lines to anything else."""
    if is_first_rank():
        print(*errors, sep="\n", file=sys.stderr, flush=True)
    raise SystemExit(min(error.exit_code for error in errors))
