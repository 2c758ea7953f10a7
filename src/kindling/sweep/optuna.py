"""Trials chosen by Optuna: each by what those before came to, and by nothing else."""

import math
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from optuna.trial import FrozenTrial, TrialState

from kindling.error import ConfigError
from kindling.sweep.search import Choice, Goal, Interval, Result, Search, Space, Trial, require_space
from kindling.sweep.study import Named, distribution, open_study, pruner, sampler

FEW = 5  # trials: as long as no more have failed, that may be chance
LOG = ", log"  # after an interval
AGAIN = "again"  # the number of the failed trial that one tries again


class Optuna(Search):
    """Asks a study for trials and tells it how they ended; those of an earlier start count.

    trials: how many there are to be, those of an earlier start included
    sampler: what chooses
    pruner: what ends a run early that lags behind
    objectives: metrics to weigh against each other; none is the one that is monitored
    seed: another one draws others
    """

    intervals = True

    def __init__(
        self,
        trials: int = 50,
        sampler: str | dict[str, dict[str, Any]] = "tpe",
        pruner: str | dict[str, dict[str, Any]] = "none",
        objectives: Sequence[str] = (),
        seed: int = 0,
        name: str | None = None,
        fresh: bool = False,
    ) -> None:
        super().__init__(name, fresh)
        self.trials = trials
        self.sampler: Named = plain(sampler)
        self.pruner: Named = plain(pruner)
        self.objectives = list(objectives)
        self.seed = seed
        self.ended = self.failed = 0

    @property
    def total(self) -> int:
        """As was told, or more where there have been more."""
        return max(self.trials, len(self._counted(self.study.trials)))

    def begin(self, space: Space, folder: Path, goal: Goal) -> None:
        """Open the study, and take up what an earlier start left there; raises UserError."""
        self.space = require_space(space)
        self.goals = [Goal(name, self.modes[name]) for name in self.objectives] or [goal]
        pruner(self.pruner)
        sampler(self.sampler, self.seed)
        self.study = open_study(folder, self.goals)
        self._compare()
        self.study.set_user_attr("pruner", self.pruner)
        self._take_up()

    def ask(self) -> Trial | None:
        """One of before, which costs nothing where its jobs are done; then new ones."""
        if self.earlier:
            return self.earlier.popleft()
        trials = self.study.trials
        waits = any(one.state is TrialState.WAITING for one in trials)
        if not waits and (len(self._counted(trials)) >= self.trials or self._hopeless()):
            return None
        # by the number, so that the trials of a sweep that was killed are those of one that wasn't
        self.study.sampler = sampler(self.sampler, (self.seed + 1_000_003 * len(trials)) % 2**32)
        asked = self.study.ask({key: distribution(one) for key, one in self.space.items()})
        self.open.add(asked.number)
        return self._trial(asked.number, asked.params)

    def tell(self, trial: Trial, result: Result) -> None:
        """Record how it ended; one that was told before stays as it is."""
        if trial.number not in self.open:
            return
        self.open.remove(trial.number)
        self.ended += 1
        values = [result.metrics.get(goal.metric, math.nan) for goal in self.goals]
        if result.status == "pruned":
            self.study.tell(trial.number, state=TrialState.PRUNED)
        elif result.status == "done" and all(map(math.isfinite, values)):
            self.study.tell(trial.number, values)
        else:
            self.study.tell(trial.number, state=TrialState.FAIL)
            self.failed += 1
            if self._hopeless():
                told = f"{self.failed} of {self.ended} trials have failed"
                print(f"sweep: {told}; ends early, mend what is common to them", flush=True)

    def words(self, trial: Trial) -> list[str]:
        """By which a job finds the trial, to report to it."""
        return [f"trial={trial.number}"] if self.pruner != "none" and trial.number in self.open else []

    def summary(self) -> list[str]:
        """The trials that none beats in all objectives."""
        if len(self.goals) < 2:
            return []
        names = ", ".join(goal.metric for goal in self.goals)
        return [f"sweep: none beats these in all of {names}:", *map(self._told, self.study.best_trials)]

    def _told(self, one: FrozenTrial) -> str:
        values = ", ".join(f"{value:.4g}" for value in one.values)
        words = self._trial(one.number, one.params).values.items()
        return f"  {values}: {' '.join(f'{key}={word}' for key, word in words)}"

    def _hopeless(self) -> bool:
        return self.failed >= FEW and 2 * self.failed > self.ended

    def _compare(self) -> None:
        """Say if the space was another one, and refuse other words: Optuna has no place for them."""
        now = {key: told(one) for key, one in self.space.items()}
        before = self.study.user_attrs.get("space", now)
        for key, was in before.items():
            if was != now.get(key, was):
                line = f"{key}: was {was} as this search began, got {now[key]}"
                scales = {text.endswith(LOG) for text in (was, now[key])}
                if isinstance(self.space[key], Choice) or not was.startswith("interval") or len(scales) > 1:
                    raise ConfigError(f"{line}; choose another sweep.name, or add sweep.fresh=true")
                print(f"sweep: {line}; trials of before count as they are", flush=True)
        self.study.set_user_attr("space", now)

    def _take_up(self) -> None:
        """Queue what failed once more, and go on with what was running: its jobs know where they were."""
        trials = self.study.trials
        for one in trials:
            if one.state is TrialState.RUNNING and not self._is_whole(one):  # killed while it was chosen
                self.study.tell(one.number, state=TrialState.FAIL)
        known = [one for one in self._counted(trials) if one.state is not TrialState.WAITING]
        self.open = {one.number for one in known if one.state is TrialState.RUNNING}
        past = [one for one in known if one.state is not TrialState.FAIL]
        self.earlier = deque(self._trial(one.number, one.params) for one in past)
        for one in known:
            if one.state is TrialState.FAIL:
                self.study.enqueue_trial(one.params, user_attrs={AGAIN: one.number})

    def _counted(self, trials: Sequence[FrozenTrial]) -> list[FrozenTrial]:
        """Those that were chosen wholly or wait for a start, and that no other one tries again."""
        found = [one for one in trials if self._is_whole(one) or one.state is TrialState.WAITING]
        again = {one.user_attrs.get(AGAIN) for one in found}
        return [one for one in found if one.number not in again]

    def _is_whole(self, one: FrozenTrial) -> bool:
        return self.space.keys() <= one.params.keys()

    def _trial(self, number: int, params: dict[str, Any]) -> Trial:
        return Trial(number, {key: worded(one, params[key]) for key, one in self.space.items()})


def worded(one: Choice | Interval, value: Any) -> str:
    """A value as it is typed."""
    return one.word(value) if isinstance(one, Interval) else str(value)


def told(one: Choice | Interval) -> str:
    """What a setting is drawn from, in a message."""
    if isinstance(one, Choice):
        return ", ".join(one.words)
    return f"interval({one.low:g},{one.high:g}){LOG if one.log else ''}"


def plain(told: Named) -> Named:
    """Without OmegaConf's containers, which no journal takes."""
    return told if isinstance(told, str) else {name: dict(settings or {}) for name, settings in told.items()}
