"""The rate drops at shares of the run."""

import re
from collections.abc import Callable

import pytest

from kindling.error import ConfigError
from kindling.scheduler.multistep import MultiStep
from tests.scheduler.conftest import Follow


def test_it_drops_at_each_milestone(follow: Follow) -> None:
    found = follow(MultiStep, 10, total_steps=8, milestones=[0.5, 0.75], gamma=0.1)
    assert found == pytest.approx([1.0] * 4 + [0.1] * 2 + [0.01] * 4)


def test_a_milestone_falls_on_the_nearest_step(follow: Follow) -> None:
    found = follow(MultiStep, 100, total_steps=100, milestones=[0.29, 0.55], gamma=0.5)  # 0.55 * 100 > 55
    assert [found.count(share) for share in (1.0, 0.5, 0.25)] == [29, 26, 45]


@pytest.mark.parametrize("milestones", [[0.75, 0.5], [0.5, 0.5], []])
def test_milestones_rise(milestones: list[float], follow: Follow) -> None:
    words = rf"^scheduler\.scheduler\.milestones: expected rising .*, got {re.escape(str(milestones))}$"
    with pytest.raises(ConfigError, match=words):
        follow(MultiStep, 1, total_steps=5, milestones=milestones)


@pytest.mark.parametrize(
    "word", ["total_steps=0", "gamma=-0.1", "milestones=[30,60]", "milestones=[0.0,0.5]", "milestones=[half]"]
)
def test_a_wrong_setting_is_told(word: str, mistakes: Callable[..., str]) -> None:
    told = mistakes("scheduler=multistep", f"scheduler.scheduler.{word}")
    assert told.startswith(f"scheduler.scheduler.{word.partition('=')[0]}: expected ")
