"""How much each setting has to do with the metric, over the trials that are done."""

import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from statistics import fmean
from typing import Any

from kindling.sweep.axis import Axis

ENOUGH = 4  # trials
BY_OPTUNA = "importance, by Optuna"
BY_VARIANCE = "share of the variance explained"
GROUPS = 4


def importances(settings: Sequence[Axis], metric: Axis, high: bool) -> tuple[str, dict[str, float]]:
    """What was measured, and of each setting; nothing for too few trials or a metric that never changes."""
    results = metric.shares
    if len(results) < ENOUGH or len(set(results)) < 2:
        return "", {}
    if find_spec("optuna") is not None:
        return BY_OPTUNA, by_optuna(settings, results, high)
    return BY_VARIANCE, {one.name: explained(one.shares, results) for one in settings}


def explained(shares: Sequence[float], results: Sequence[float]) -> float:
    """The share of the variance between groups of one value, less what chance gives (epsilon squared)."""
    groups: dict[Any, list[float]] = {}
    few = len(set(map(str, shares))) <= max(2, len(results) // 3)
    for share, result in zip(shares, results, strict=True):  # of many values, those near one another
        key = "none" if share != share else share if few else min(int(share * GROUPS), GROUPS - 1)
        groups.setdefault(key, []).append(result)
    middle, free = fmean(results), len(results) - len(groups)
    total = sum((one - middle) ** 2 for one in results)
    within = sum((one - fmean(group)) ** 2 for group in groups.values() for one in group)
    if not free or not total:
        return 0.0
    return max(0.0, (total - within - (len(groups) - 1) * within / free) / total)


def by_optuna(settings: Sequence[Axis], results: Sequence[float], high: bool) -> dict[str, float]:
    """As Optuna tells of a study with these trials."""
    import optuna

    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            study = optuna.create_study(direction="maximize" if high else "minimize")
            for at, result in enumerate(results):
                there = {one.name: one for one in settings if one.positions[at] == one.positions[at]}
                study.add_trial(
                    optuna.trial.create_trial(
                        params={name: value_at(one, at) for name, one in there.items()},
                        distributions={name: distribution(one) for name, one in there.items()},
                        value=result,
                    )
                )
            return dict(optuna.importance.get_param_importances(study))
    finally:
        optuna.logging.set_verbosity(verbosity)


def value_at(setting: Axis, at: int) -> Any:
    """Of a trial, as Optuna has it."""
    position = setting.positions[at]
    return int(position) if setting.labels else position


def distribution(setting: Axis) -> Any:
    """What Optuna calls the range of a setting."""
    import optuna

    if setting.labels:
        return optuna.distributions.CategoricalDistribution(range(len(setting.labels)))
    known = [one for one in setting.positions if one == one]
    return optuna.distributions.FloatDistribution(min(known), max(known), log=setting.log)
