"""Each cycle is a whole cosine."""

from collections.abc import Callable
from math import cos, pi

import pytest

from kindling.scheduler.cosine_restarts import CosineRestarts
from tests.scheduler.conftest import Follow


def test_equal_cycles_start_at_the_full_rate_and_the_last_stays_at_its_end(follow: Follow) -> None:
    cycle = [0.2 + 0.8 * (1 + cos(pi * step / 5)) / 2 for step in range(5)]
    found = follow(CosineRestarts, 18, total_steps=15, cycles=3, floor=0.2)
    assert found == pytest.approx(cycle * 3 + [0.2] * 3)


def test_a_run_that_does_not_divide_has_cycles_of_the_nearest_length(follow: Follow) -> None:
    found = follow(CosineRestarts, 11, total_steps=10, cycles=3)
    tops = [step for step in range(1, 11) if found[step] > found[step - 1]]
    assert tops == [4, 7], "the first steps after 10/3 and 20/3"


def test_more_cycles_than_steps_do_no_harm(follow: Follow) -> None:
    assert follow(CosineRestarts, 2, total_steps=1, cycles=4) == [1.0, 0.0]


@pytest.mark.parametrize("word", ["total_steps=0", "cycles=0", "cycles=1.5", "floor=2"])
def test_a_wrong_setting_is_told(word: str, mistakes: Callable[..., str]) -> None:
    told = mistakes("scheduler=cosine_restarts", f"scheduler.scheduler.{word}")
    assert told.startswith(f"scheduler.scheduler.{word.partition('=')[0]}: expected ")
