"""Running a Hydra program so that each mistake is one line, with the exit code of its kind."""

import gc
import logging
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException, InstantiationException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from kindling import error as errors
from kindling.check.compose import Composer
from kindling.check.ended import Ended
from kindling.check.explain import explain
from kindling.check.flags import SHOWS, flags_last, named, read_flags, require_part
from kindling.check.help import help_on
from kindling.check.option import Conf
from kindling.check.outside import require_environment
from kindling.check.stream import prepare, say
from kindling.check.sweep import swept
from kindling.check.words import conf, own, plain
from kindling.error import ConfigError, UserError, one_line
from kindling.run.find import find_checkpoint
from kindling.run.folder import Run, note_failure
from kindling.run.naming import run_folder
from kindling.run.resume import find_past, tell
from kindling.run.trust import require_trusted
from kindling.run.word import continued, key_of


def launch(main: Callable[[], Any]) -> None:
    """Run a Hydra program whose words are checked before anything heavy is imported."""
    words = [part for one in sys.argv[1:] for part in one.split("=", int(one.startswith("--help=")))]
    if {"--help", "-h"} & set(words):
        guard(lambda: print(help_on(Conf(conf()), [word for word in words if not word.startswith("-")])))
        return
    guard(lambda: checked(main, words))


def guard(main: Callable[[], Any]) -> None:
    """Run something so that an error of the user's is one line, with the exit code of its kind."""
    OmegaConf.register_new_resolver("run_folder", run_folder, replace=True)
    prepare()
    logging.raiseExceptions = False  # Hydra logs what it shows, to a reader that may have gone
    os.environ.setdefault("HYDRA_FULL_ERROR", "1")  # makes Hydra raise, where else it would print
    try:
        main()
    except Ended as ended:
        ended.tell()
        raise
    except (Exception, KeyboardInterrupt) as error:
        known = known_error(error)
        if known is None:
            raise
        Ended(known).tell()
        raise SystemExit(known.exit_code) from None


def checked(main: Callable[[], Any], words: list[str]) -> None:
    """Refuse the words if they are wrong, all mistakes at once, or else do what they say."""
    sys.argv[1:] = words = flags_last(continued(words))
    flags = read_flags(words)
    if flags.config_path or Path(sys.argv[0]).is_symlink():  # Hydra would look beside the link
        sys.argv.append(f"--config-path={named(flags).folder}")
    if flags.package:
        require_part(flags)
    if not any(getattr(flags, name) for name in SHOWS):
        require_environment()
        with Composer(named(flags)) as composer:
            several = swept(composer, flags.overrides, flags.multirun)
            if several is not None and not flags.multirun:  # by seeds, cv, or a file
                sys.argv.append("--multirun")
            jobs = [flags.overrides] if several is None else list(composer.jobs(several))
            wrong, tries = check_jobs(composer, jobs, several is not None)
        if wrong:
            raise Ended(*wrong)
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
        if cfg.resume is not None:  # the words of a run that may be somebody else's
            require_trusted(plain(own(cfg)), f"resume={cfg.resume}")
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
    told: Any = OmegaConf.to_container(hydra.overrides.task, resolve=False)
    overrides = [word for word in told if key_of(word) != "trial"]  # another one at the next start
    in_sweep = hydra.mode is RunMode.MULTIRUN
    folder = Path(hydra.runtime.output_dir)
    trial = cfg.get("trial")
    cfg = own(cfg)
    try:
        if cfg.init_from is not None and not cfg.resume:  # `last` is another one tomorrow
            cfg.init_from = str(find_checkpoint(cfg.init_from).absolute())
        past = find_past(bool(cfg.resume) or in_sweep, folder)
        config = past.settle(plain(cfg), overrides) if past else plain(cfg)
        if past and past.ended(config):
            tell(f"{folder}: has ended, nothing is left to do; evaluate it, or raise trainer.max_epochs")
            return None
        with Run(folder, config, overrides, past) as run:
            run.trial = trial
            load()
            return train(OmegaConf.create(config), run)
    except Exception as error:
        known = known_error(error)
        if known is None and not in_sweep:
            raise
        if isinstance(known, errors.StoppedError) and in_sweep:
            raise known from None  # the sweep tells how to go on
        if known is not None and not in_sweep:
            raise Ended(known) from None
        say(known or traceback.format_exc())
        note_failure(folder, overrides, known or error)
        return None


def load() -> None:
    """Import torch and Lightning; a tenth of the time would go into collecting garbage that isn't there."""
    if "kindling.build" in sys.modules:  # in a notebook, where there is some
        return
    gc.disable()
    try:
        import kindling.build  # noqa: F401
    finally:
        gc.freeze()
        gc.enable()
