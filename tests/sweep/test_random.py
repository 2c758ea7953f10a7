"""Trials by chance: the same ones at each start, evenly over what was told."""

from collections import Counter
from math import log10
from pathlib import Path

import pytest

from kindling.error import ConfigError
from kindling.sweep.random import Random
from kindling.sweep.search import Choice, Goal, Interval, Space

SPACE: Space = {
    "task.loss": Choice(("cross_entropy", "focal")),
    "optimizer.lr": Interval(1e-4, 1e-1, log=True),
    "data.batch_size": Interval(1, 4),
    "model.dropout": Interval(0.0, 0.5),
}


def drawn(trials: int, space: Space = SPACE, **settings: int) -> list[dict[str, str]]:
    search = Random(trials, **settings)
    search.begin(space, Path(), Goal("val/loss", "min"))
    found = [dict(trial.values) for trial in iter(search.ask, None)]
    assert search.total == len(found) == trials
    return found


def test_the_same_trials_come_at_each_start_and_more_of_them_where_more_are_wanted() -> None:
    assert drawn(5) == drawn(8)[:5]
    assert drawn(5) != drawn(5, seed=1)


def test_another_setting_changes_none_of_the_others() -> None:
    fewer = {key: one for key, one in SPACE.items() if key != "task.loss"}
    assert [trial["optimizer.lr"] for trial in drawn(5)] == [
        trial["optimizer.lr"] for trial in drawn(5, fewer)
    ]


def test_values_come_equally_often_and_numbers_fill_their_interval() -> None:
    found = drawn(400)
    assert min(Counter(trial["task.loss"] for trial in found).values()) > 160
    sizes = Counter(trial["data.batch_size"] for trial in found)
    assert sizes.keys() == {"1", "2", "3", "4"}
    assert min(sizes.values()) > 70
    decades = Counter(int(log10(float(trial["optimizer.lr"])) + 4) for trial in found)
    assert decades.keys() == {0, 1, 2}
    assert min(decades.values()) > 100
    rates = [float(trial["model.dropout"]) for trial in found]
    assert min(rates) < 0.01 < 0.49 < max(rates)


def test_whole_numbers_on_a_log_scale_reach_both_ends() -> None:
    found = Counter(trial["x"] for trial in drawn(400, {"x": Interval(1, 8, log=True)}))
    assert found.keys() == set("12345678")
    assert found["1"] > found["2"] > found["8"]


def test_a_number_is_short_and_never_outside() -> None:
    assert Interval(0.0, 1.0).word(1 / 3) == "0.3333"
    assert Interval(0.12346, 1.0).word(0.12346) == "0.1235"
    assert Interval(0.12344, 1.0).word(0.12344) == "0.12344"
    assert Interval(1e-6, 1.0, log=True).word(1.23456e-5) == "1.235e-05"
    assert Interval(2, 64).word(7.0) == "7"


def test_nothing_to_draw_is_told() -> None:
    with pytest.raises(ConfigError, match="expected a setting to search, got none"):
        drawn(1, {})
