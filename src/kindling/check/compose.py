"""From the words of a command line to the jobs that they describe, with all mistakes at once."""

import pickle
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from math import prod
from types import TracebackType

import yaml
from hydra import compose, initialize_config_dir
from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import IntervalSweep, Override
from hydra.core.utils import setup_globals
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from kindling.check.auto import task_of
from kindling.check.choice import unknown_option
from kindling.check.explain import explain, misfit, wrong_override
from kindling.check.grammar import MOST, joined, key_of, spread, torn, unreadable
from kindling.check.job import Job
from kindling.check.option import Conf
from kindling.check.outside import lacking_packages, wrong_start, wrong_target
from kindling.check.search import KEY, require_files
from kindling.check.together import wrong_together
from kindling.check.trainer import wrong_trainer
from kindling.check.value import LATER, wrong_values
from kindling.check.words import resolved, unresolved
from kindling.error import ConfigError, UserError, one_line

Described = tuple[DictConfig | None, Job | None, list[UserError]]
# Hydra raises plain ValueErrors over `model=null`
REFUSALS = (HydraException, OmegaConfBaseException, ValueError, RecursionError)


@dataclass
class Composer:
    """Composes job after job; what they have in common is composed once."""

    conf: Conf
    bases: dict[tuple[str, ...], bytes] = field(default_factory=dict)
    last: tuple[list[str], Described] | None = None  # a single run is asked for twice

    def __enter__(self) -> "Composer":
        require_files(self.conf)
        GlobalHydra.instance().clear()
        self.context = initialize_config_dir(str(self.conf.folder), version_base="1.3")
        self.context.__enter__()
        self.loader = GlobalHydra.instance().config_loader()
        OmegaConf.register_new_resolver("hydra", lambda *_: LATER, replace=True)
        self.parser = OverridesParser.create(config_loader=self.loader)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.context.__exit__(kind, error, trace)
        setup_globals()  # Hydra's own resolvers again

    def compose(self, words: list[str]) -> DictConfig:
        """The whole configuration, with Hydra's own."""
        beside = [f"file://{self.conf.beside.absolute()}"] if self.conf.beside else []
        places = ",".join(f"'{place}'" for place in [*beside, *self.conf.search])
        more = [f"{KEY}=[{places}]"] if places else []
        own = [word for word in words if key_of(word) != KEY]
        return compose(self.conf.name, [*more, *own], return_hydra_config=True)

    def base(self, words: list[str]) -> DictConfig:
        """The configuration of these choices alone."""
        if tuple(words) not in self.bases:
            self.bases[tuple(words)] = pickle.dumps(self.compose(words))
        found: DictConfig = pickle.loads(self.bases[tuple(words)])  # seven times as fast as deepcopy
        return found

    def parse(self, words: list[str], wrong: list[UserError]) -> list[Override]:
        """Each word by itself, so that one that can't be read hides no other."""
        found = []
        for word in joined(self.conf, words):
            if word not in words:
                wrong.append(ConfigError(torn(word)))
                continue
            try:
                if not key_of(word):
                    raise HydraException  # it takes such words, and then stumbles
                found.append(self.parser.parse_override(word))
                found[-1].config_loader = self.loader  # a glob looks there
            except (HydraException, RecursionError) as error:
                wrong.append(ConfigError(unreadable(self.conf, word, one_line(error))))
        return found

    def job(self, words: list[str]) -> Described:
        """What the words describe, and what is wrong with them; nothing is described where Hydra can't."""
        if self.last is None or self.last[0] != words:
            self.last = list(words), self.describe(words)
        cfg, job, wrong = self.last[1]
        return cfg, job, [*wrong]

    def describe(self, words: list[str]) -> Described:
        """As `job`, composed anew."""
        wrong: list[UserError] = []
        overrides = self.parse(words, wrong)
        known = self.conf.groups
        chosen: list[Override] = []
        values: list[Override] = []
        refused = set()
        for one in overrides:
            is_group = one.key_or_group in known or "/" in one.key_or_group or one.package is not None
            is_group = is_group and not (one.package is None and isinstance(one._value, dict))  # laid over it
            mistake = unknown_option(self.conf, one) if is_group else None
            if mistake:
                refused.add(one.key_or_group)
                wrong.append(ConfigError(mistake))
            else:
                (chosen if is_group else values).append(one)
        values = [one for one in values if one.key_or_group.partition(".")[0] not in refused]
        try:
            cfg = self.apply(chosen, values, wrong)
            is_open = cfg.hydra.runtime.choices.get("task") == "auto" and not wrong
            if is_open and (task := task_of(cfg)):  # now that the data's values are set
                chosen = [one for one in chosen if one.key_or_group != "task"]
                cfg = self.apply([*chosen, self.parser.parse_override(f"task={task}")], values, wrong)
            config = resolved(cfg)
        except yaml.YAMLError as error:
            return None, None, [*wrong, ConfigError(f"{one_line(error)}; mend the file")]
        except REFUSALS as error:
            return None, None, [*wrong, ConfigError(explain(self.conf, error))]
        choices = {group: word for group, word in cfg.hydra.runtime.choices.items() if group in known}
        listed = {one.key_or_group: one.value() for one in chosen if self.conf.takes_list(one.key_or_group)}
        words_of = {group: word if isinstance(word, list) else [word] for group, word in listed.items()}
        choices |= self.conf.lists(choices) | words_of
        return cfg, Job(self.conf, words, choices, config), wrong

    def apply(self, chosen: list[Override], values: list[Override], wrong: list[UserError]) -> DictConfig:
        """The base with each value set in turn, so that all that can't be set are told."""
        cfg = self.base([str(one.input_line) for one in chosen])
        for one in values:
            if mistake := misfit(self.conf, one, cfg):
                wrong.append(ConfigError(mistake))
                continue
            try:
                ConfigLoaderImpl._apply_overrides_to_config([one], cfg)
            except REFUSALS as error:
                wrong.append(
                    ConfigError(wrong_override(self.conf, str(one.input_line), error, unresolved(cfg)))
                )
        return cfg

    def check(self, words: list[str], in_sweep: bool = False) -> tuple[DictConfig | None, list[UserError]]:
        """The configuration and all mistakes of one job."""
        cfg, job, wrong = self.job(words)
        if job is not None:
            typed = {key_of(word) for word in words}
            found = [*lacking_packages(job), *wrong_values(job), *wrong_trainer(job)]
            found += [*wrong_together(job, in_sweep), *wrong_start(job)]
            wrong += [error for error in found if not (wrong and repeats(error, typed, wrong))]
            wrong += [] if wrong else wrong_target(job)
        return cfg, unique(wrong)

    def jobs(self, words: list[str]) -> Iterator[list[str]]:
        """The words of each job of a sweep; of a search, or of very many, each value by itself."""
        told, is_search = [], False
        for word in joined(self.conf, words):
            if word not in words:
                raise ConfigError(torn(word))
            found = self.parse([word], [])
            is_search |= any(isinstance(one._value, IntervalSweep) for one in found)
            told.append(spread(found[0]) if found else [word])
            if not told[-1]:
                options = ", ".join(self.conf.options(key_of(word))) or "no options"
                raise ConfigError(
                    f"{word}: expected one or more of {options}, got none; change what is matched"
                )
        if not is_search and prod(map(len, told)) <= MOST:
            yield from map(list, product(*told))
            return
        firsts = [values[0] for values in told]
        yield firsts
        for place, values in enumerate(told):
            yield from ([*firsts[:place], value, *firsts[place + 1 :]] for value in values[1:])


def unique(errors: list[UserError]) -> list[UserError]:
    """One line for each place, in their order: what is wrong first is told first."""
    found: dict[str, UserError] = {}
    for error in errors:
        first, *more = str(error).split(": ", 2)
        found.setdefault(f"{first}: {more[0]}" if first.endswith(".yaml") and more else first, error)
    return list(found.values())


def repeats(error: UserError, typed: set[str], wrong: list[UserError]) -> bool:
    """Whether it follows from a word that was refused already, and so was left out."""
    name = re.match(r"[\w.]+", str(error))
    return bool(name and name[0] in typed and any(str(one).startswith(name[0]) for one in wrong))
