"""The rate follows the formula."""

from collections.abc import Callable
from math import cos, pi

import pytest

from kindling.scheduler.warmup_cosine import WarmupCosine
from tests.scheduler.conftest import Follow


def test_it_rises_in_a_line_and_falls_along_a_cosine(follow: Follow) -> None:
    found = follow(WarmupCosine, 101, total_steps=100, warmup_fraction=0.2)
    assert found[:20] == pytest.approx([(step + 1) / 21 for step in range(20)])
    assert found[20:] == pytest.approx([(1 + cos(pi * step / 80)) / 2 for step in range(81)])


def test_it_ends_at_the_floor_and_stays(follow: Follow) -> None:
    assert follow(WarmupCosine, 60, total_steps=50, floor=0.25)[50:] == pytest.approx([0.25] * 10)


def test_without_warm_up_it_starts_at_the_full_rate(follow: Follow) -> None:
    assert follow(WarmupCosine, 1, total_steps=10, warmup_fraction=0.0) == [1.0]


@pytest.mark.parametrize("word", ["total_steps=0", "warmup_fraction=2", "warmup_fraction=-0.1", "floor=2"])
def test_a_wrong_setting_is_told(word: str, mistakes: Callable[..., str]) -> None:
    told = mistakes("scheduler=warmup_cosine", f"scheduler.scheduler.{word}")
    assert told.startswith(f"scheduler.scheduler.{word.partition('=')[0]}: expected ")
