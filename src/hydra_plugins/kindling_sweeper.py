"""The sweeper behind -m: Hydra's grammar in, runs in folders of their own out."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hydra._internal.utils import get_args_parser
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import IntervalSweep, Override
from hydra.core.utils import configure_log, run_job, setup_globals
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from hydra.utils import instantiate
from omegaconf import DictConfig, OmegaConf, open_dict, read_write

from kindling.check.composed import Composed
from kindling.check.grammar import key_of
from kindling.check.sweep import modes
from kindling.check.words import own, plain, resolved, unresolved
from kindling.error import ConfigError, StoppedError
from kindling.run.word import quoted
from kindling.sweep.conduct import Plan, conduct
from kindling.sweep.job import SWEEP, Job
from kindling.sweep.search import Choice, Interval

FLAGS = ("config-path", "config-name", "config-dir")  # which choose the files that words come from


class KindlingSweeper(Sweeper):
    """Composes jobs, and leaves to `sweep=` what is tried and to `launcher=` where it runs."""

    def __init__(self, params: Any = None) -> None:
        self.params = params or {}

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Called by Hydra."""
        self.master, self.context, self.task_function = config, hydra_context, task_function

    def sweep(self, arguments: list[str]) -> Path:
        """Run what the words describe, but for what is done, in a folder that is returned; or SweepError."""
        require_own_launcher(self.master)
        typed = {key_of(word) for word in arguments}
        told = [f"{key}={value}" for key, value in self.params.items() if key_of(str(key)) not in typed]
        return conduct(Composition(self, [*told, *arguments]))


class Composition(Plan):
    """The words of a sweep: what is swept over, what is the same in all jobs, and how a job is composed."""

    def __init__(self, sweeper: KindlingSweeper, words: list[str]) -> None:
        self.sweeper, self.master, self.typed = sweeper, sweeper.master, words
        if sweeper.params:  # are read; Hydra 1.4 takes no job with other ones than its sweep's
            with read_write(self.master.hydra):
                self.master.hydra.sweeper.params = None
                self.master.hydra.overrides.hydra.append("hydra.sweeper.params=null")
        self.loader = sweeper.context.config_loader
        parsed = OverridesParser.create(config_loader=self.loader).parse_overrides(words)
        settings = [one for one in parsed if key_of(str(one.input_line)).partition(".")[0] not in SWEEP]
        self.space = {one.get_key_element(): values(one) for one in settings if one.is_sweep_override()}
        fixed = [one for one in settings if not one.is_sweep_override()]
        self.fixed = {one.get_key_element(): str(one.input_line) for one in fixed}
        self.order = [one.get_key_element() for one in settings]
        self.compose = Composed(self.loader, self.master)
        cfg = self.compose([str(one.input_line) for one in parsed if not one.is_sweep_override()])
        self.kind = str(cfg.hydra.runtime.choices.sweep)
        self.search = instantiate(cfg.sweep)
        self.search.modes = modes(resolved(cfg), list(self.search.objectives))
        self.launcher = instantiate(cfg.launcher) if cfg.launcher else None
        self.whole = plain(OmegaConf.masked_copy(cfg, ["seeds", "cv", "seed", "monitor"]))
        self.parent = Path(str(self.master.hydra.sweep.dir))
        typed = [key_of(str(word)) for word in self.master.hydra.overrides.hydra]
        self.folder = self.parent if "hydra.sweep.dir" in typed else None
        # a file may say how often, and a job that is started by its words alone would do so again
        usual = {"seeds": 1, "cv": None}
        keys = {key_of(word) for word in words}
        told = {key: one for key, one in usual.items() if self.whole[key] != one and key not in keys}
        self.once = [f"{key}={'null' if one is None else one}" for key, one in told.items()]

    def words(self, chosen: Mapping[str, str], member: Sequence[str]) -> list[str]:
        """The words of a job in the order in which they were typed; those of a seed or fold last."""
        replaced = {key_of(word) for word in member}
        known = {**self.fixed, **{key: f"{key}={value}" for key, value in chosen.items()}}
        keys = [key for key in dict.fromkeys([*self.order, *chosen]) if key in known]
        return [*(known[key] for key in keys if key_of(key) not in replaced), *member, *self.once]

    def settings(self, words: Sequence[str]) -> dict[str, Any]:
        """What a job is composed to, not yet resolved."""
        return unresolved(own(self.compose(words)))

    def run_here(self, job: Job, words: Sequence[str]) -> None:
        """Run a job in this process, as Hydra's own launcher would."""
        cfg = self.compose([*job.words, *words])
        with read_write(cfg.hydra), open_dict(cfg.hydra):
            cfg.hydra.sweep.dir, cfg.hydra.sweep.subdir = str(job.folder.parent), job.folder.name
            cfg.hydra.job.id = cfg.hydra.job.num = job.number
        setup_globals()
        ended = run_job(
            hydra_context=self.sweeper.context,
            task_function=self.sweeper.task_function,
            config=cfg,
            job_dir_key="hydra.sweep.dir",
            job_subdir_key="hydra.sweep.subdir",
        )
        configure_log(self.master.hydra.hydra_logging, self.master.hydra.verbose)
        if isinstance(ended._return_value, StoppedError):
            raise ended._return_value

    def command(self, job: Job, words: Sequence[str]) -> list[str]:
        """What starts a job in a process of its own: the program with the flags that choose files."""
        flags = get_args_parser().parse_known_args()[0]
        named = {f"--{name}": getattr(flags, name.replace("-", "_")) for name in FLAGS}
        told = [f"{flag}={value}" for flag, value in named.items() if value]
        hydra = [str(word) for word in self.master.hydra.overrides.hydra if is_of_job(str(word))]
        place = [f"hydra.run.dir={quoted(job.folder)}", f"hydra.job.num={job.number}", "resume=auto"]
        place.append("hydra.mode=RUN")  # a file that is chosen may say otherwise
        return [sys.executable, str(Path(sys.argv[0]).resolve()), *job.words, *words, *hydra, *place, *told]


def require_own_launcher(master: DictConfig) -> None:
    """Raise ConfigError for a launcher of Hydra's that is to run several: it gets one job at a time."""
    word = str(master.hydra.runtime.choices.get("hydra/launcher", "basic"))
    if word != "basic":
        write = next((f"launcher={one}" for one in ("slurm", "ray") if one in word), "launcher=process")
        raise ConfigError(f"hydra/launcher={word}: gets one job of a sweep at a time; write {write}")


def is_of_job(word: str) -> bool:
    """Whether one of Hydra's own settings goes to each job, and not to the sweep."""
    return not word.startswith(("hydra.mode=", "hydra.sweep", "hydra.run.dir=", "hydra.launcher", "hydra/"))


def values(override: Override) -> Choice | Interval:
    """What a word of a sweep lets choose from."""
    value: Any = override.value()
    if isinstance(value, IntervalSweep):
        assert value.start is not None
        assert value.end is not None
        return Interval(value.start, value.end, log="log" in value.tags)
    return Choice(tuple(dict.fromkeys(override.sweep_string_iterator())))
