"""What Optuna keeps of a search: a journal in the sweep's folder, which jobs report to as well."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import optuna
from filelock import FileLock
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.pruners import BasePruner
from optuna.samplers import BaseSampler
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock

from kindling.error import ConfigError, MachineError, RunError, one_line
from kindling.package import has, install
from kindling.sweep.search import Choice, Goal, Interval

FILE = "optuna.journal"
Named = str | Mapping[str, Mapping[str, Any]]  # a name alone, or with its settings
SAMPLERS = {
    "tpe": "TPESampler",
    "random": "RandomSampler",
    "cmaes": "CmaEsSampler",
    "nsga2": "NSGAIISampler",
    "gp": "GPSampler",
}
PRUNERS = {
    "none": "NopPruner",
    "median": "MedianPruner",
    "asha": "SuccessiveHalvingPruner",
    "hyperband": "HyperbandPruner",
}
USUAL: dict[str, dict[str, Any]] = {  # where Optuna's own are wrong for us
    "cmaes": {"warn_independent_sampling": False},
    "gp": {"warn_independent_sampling": False},
    "asha": {"min_resource": 1, "reduction_factor": 3},
}
NEEDS = {"cmaes": "cmaes", "gp": "scipy"}  # packages that Optuna doesn't bring


class Lock(JournalFileOpenLock):
    """Goes with a process that is killed; Optuna's own would hold up all others for half a minute."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.lock = FileLock(f"{path}.lock")

    def acquire(self) -> bool:
        """Wait for it."""
        self.lock.acquire()
        return True

    def release(self) -> None:
        """Let the next one have it."""
        self.lock.release()


def storage(folder: Path, create: bool = True) -> JournalStorage:
    """The journal of a sweep; raises FileNotFoundError where there is none that may be created."""
    path = folder / FILE
    if not create:
        path.stat()
    return JournalStorage(JournalFileBackend(str(path), Lock(path)))


def open_study(folder: Path, goals: Sequence[Goal]) -> optuna.Study:
    """That of a sweep, by what is wanted of it; a new one where there is none."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    mend(folder / FILE)
    return optuna.create_study(
        storage=storage(folder),
        study_name=",".join(one.metric for one in goals),
        directions=["minimize" if one.mode == "min" else "maximize" for one in goals],
        load_if_exists=True,
    )


def mend(path: Path) -> None:
    """Cut off a last line that a killed process or a full disk left half: no other could follow it."""
    if path.exists() and (content := path.read_bytes()) and not content.endswith(b"\n"):
        os.truncate(path, content.rfind(b"\n") + 1)


class Reported:
    """A trial as its job sees it, which reports to it epoch by epoch; raises RunError if it doesn't run."""

    def __init__(self, folder: Path, number: int, metric: str, epochs: int | None) -> None:
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        try:
            study = optuna.load_study(study_name=metric, storage=storage(folder, create=False))
            found = study.trials[number]
            told = study.user_attrs["pruner"]
        except (KeyError, IndexError, FileNotFoundError):
            where = f"trial: expected one of a search for {metric} in {folder / FILE}, got {number}"
            raise RunError(f"{where}; leave it out") from None
        longest = {"max_resource": epochs} if told == "hyperband" and (epochs or 0) > 0 else {}
        study.pruner = pruner(told, **longest)
        self.trial = optuna.Trial(study, found._trial_id)
        self.known = set(found.intermediate_values)

    def report(self, epoch: int, value: float) -> None:
        """Tell how an epoch ended; one that was told before it was run once more stays as it is."""
        if epoch not in self.known:
            self.trial.report(value, epoch)
            self.known.add(epoch)

    def lags(self) -> bool:
        """Whether it is not worth its time."""
        return self.trial.should_prune()


def distribution(one: Choice | Interval) -> BaseDistribution:
    """What a setting is drawn from, as Optuna has it."""
    if isinstance(one, Choice):
        return CategoricalDistribution(one.words)
    if one.whole:
        return IntDistribution(int(one.low), int(one.high), log=one.log)
    return FloatDistribution(one.low, one.high, log=one.log)


def sampler(told: Named, seed: int) -> BaseSampler:
    """What chooses; raises UserError where it can't be made of what was told."""
    made: BaseSampler = make("sampler", told, SAMPLERS, optuna.samplers, seed=seed)
    return made


def pruner(told: Named, **known: Any) -> BasePruner:
    """What ends runs that lag behind; raises UserError where it can't be made of what was told."""
    made: BasePruner = make("pruner", told, PRUNERS, optuna.pruners, **known)
    return made


def make(what: str, told: Named, names: Mapping[str, str], module: Any, **known: Any) -> Any:
    """A class of Optuna's by our name for it, with its settings."""
    name, settings = (told, {}) if isinstance(told, str) else next(iter(told.items()), ("", {}))
    if name not in names or (not isinstance(told, str) and len(told) > 1):
        got = told if isinstance(told, str) else ", ".join(told) or "nothing"
        raise ConfigError(f"sweep.{what}: expected one of {', '.join(names)}, got {got}; choose one")
    package = NEEDS.get(name)
    if package and not has(package):
        lacks = f"needs the package {package}, which isn't installed"
        raise MachineError(f"sweep.{what}={name}: {lacks}; type: {install(package)}")
    try:
        return getattr(module, names[name])(**{**USUAL.get(name, {}), **known, **(settings or {})})
    except (TypeError, ValueError) as error:
        raise ConfigError(f"sweep.{what}={name}: {one_line(error)}; change its settings") from None
