"""Training in a Python that runs already, as in a notebook: by train.py itself, without a command line."""

import logging
import runpy
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from hydra import initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from kindling.check.ended import Ended
from kindling.check.launch import checked, known_error, recorded
from kindling.check.words import PROJECT
from kindling.error import ConfigError, MachineError, UserError
from kindling.run.naming import run_folder
from kindling.run.trained import Trained
from kindling.sweep.swept import Swept

PROGRAM = PROJECT / "train.py"
SEVERAL = ("-m", "--multirun")
LIGHTNING = ("pytorch_lightning", "lightning_fabric")  # its loggers


def train(words: Sequence[str]) -> Trained:
    """The run that these words describe, once it has ended; raises UserError."""
    return Trained(run(words, several=False))


def train_all(words: Sequence[str]) -> Swept:
    """The runs that these words describe, once all have ended; raises UserError."""
    return Swept(run([word for word in words if word not in SEVERAL], several=True))


def run(words: Sequence[str], several: bool) -> Path:
    """Do what the words say, with the checks, the record and the folder of train.py; returns that folder."""
    require_words(words)
    folders: list[Path] = []

    def main() -> None:
        told = [word for word in sys.argv[1:] if word not in SEVERAL]
        if len(told) + several < len(sys.argv) - 1:
            raise ConfigError(f"{' '.join(words)}: expected one run, got a sweep; call kindling.train_all")
        folders.append(hydra_job(told, several))

    with raising(), as_program([*words, *SEVERAL[:several]]):
        checked(main, sys.argv[1:])
    if not folders:
        raise ConfigError("check: expected words that train, got check=true; leave it out")
    return folders[0]


def hydra_job(words: list[str], several: bool) -> Path:
    """Have Hydra compose and run it, as its decorator would; returns the folder."""
    fit: Callable[..., float] = runpy.run_path(str(PROGRAM), run_name=PROGRAM.stem)["train"]
    folders: list[Path] = []

    def task(cfg: DictConfig) -> float | None:
        folders.append(Path(HydraConfig.get().runtime.output_dir))
        return recorded(cfg, fit)

    with initialize_config_dir(str(PROJECT / "conf"), version_base="1.3"):
        hydra: Any = GlobalHydra.instance().hydra
        if several:
            return Path(hydra.multirun("config", task, [*words, "hydra.mode=MULTIRUN"])).absolute()
        hydra.run("config", task, [*words, "hydra.mode=RUN"])
    return folders[0]


def require_words(words: Sequence[str]) -> None:
    """Refuse what is no list of words, or more than settings, and a package without its project."""
    for word in words:
        if word in SEVERAL:
            raise ConfigError(f"{word}: expected the words of one run; call kindling.train_all")
        if not isinstance(word, str) or word.startswith("-"):
            raise ConfigError(f"expected words such as 'model=cnn', each by itself, got {word!r}")
    if not PROGRAM.is_file():
        raise MachineError(f"{PROGRAM}: not there, which trains; in the project: pip install -e .")


@contextmanager
def raising() -> Iterator[None]:
    """Raise what a program would end by: the first error, with the others as its notes."""
    try:
        yield
    except Ended as ended:
        raise noted(*ended.errors) from None
    except Exception as error:
        known = known_error(error)
        if known is None:
            raise
        raise noted(known) from None


def noted(error: UserError, *others: UserError) -> UserError:
    """An error that tells of the others, and of a sweep's jobs that aren't done."""
    for note in (*map(str, others), *getattr(error, "jobs", ())):
        error.add_note(note)
    return error


@contextmanager
def as_program(words: list[str]) -> Iterator[None]:
    """Have train.py's words and a folder of its own; what it alters in this process is put back."""
    with ExitStack() as after:
        after.enter_context(warnings.catch_warnings())
        for back in (given_back(sys, "argv"), given_back(GlobalHydra.instance(), "hydra")):
            after.callback(back)
        after.callback(given_back(HydraConfig.instance(), "cfg"))
        after.callback(given_back(logging, "raiseExceptions"))
        after.callback(logs_given_back())
        sys.argv = [str(PROGRAM), *words]
        run_folder.cache_clear()
        OmegaConf.register_new_resolver("run_folder", run_folder, replace=True)
        yield


def given_back(owner: Any, name: str) -> Callable[[], None]:
    """What sets an attribute as it is now."""
    value = getattr(owner, name)
    return lambda: setattr(owner, name, value)


def logs_given_back() -> Callable[[], None]:
    """What gives the loggers back as they are now; until then Lightning writes into log.txt as well."""
    root, others = logging.getLogger(), [logging.getLogger(name) for name in LIGHTNING]
    handlers, level, shows = root.handlers[:], root.level, warnings.showwarning
    own = [(one, one.handlers[:], one.level, one.propagate) for one in others]
    for one in others:  # they have handlers where nobody had one as they were imported
        one.handlers, one.propagate = [], True

    def give_back() -> None:
        for handler in root.handlers:
            if handler not in handlers:
                handler.close()
        root.handlers = handlers
        root.setLevel(level)
        for one, known, shown, propagates in own:
            one.handlers, one.propagate = known, propagates
            one.setLevel(shown)
        if warnings.showwarning is not shows:
            logging.captureWarnings(False)

    return give_back
