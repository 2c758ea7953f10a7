"""The rate follows the formula."""

from math import cos, pi
from typing import Any

import pytest

from kindling.error import ConfigError
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


@pytest.mark.parametrize(
    ("setting", "value"),
    [("total_steps", 0), ("warmup_fraction", 2), ("warmup_fraction", -0.1), ("floor", 2)],
)
def test_a_wrong_setting_is_told_in_one_line(setting: str, value: Any, follow: Follow) -> None:
    with pytest.raises(ConfigError, match=rf"^scheduler\.scheduler\.{setting}: expected .*, got {value}$"):
        follow(WarmupCosine, 1, **{"total_steps": 5, setting: value})
