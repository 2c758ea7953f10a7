"""The rate falls to its end and stays there."""

from collections.abc import Callable
from math import cos, pi

import pytest
import torch

from kindling.scheduler.cosine import Cosine
from tests.scheduler.conftest import Follow


def test_it_is_torchs_over_its_length_and_does_not_rise_again(follow: Follow) -> None:
    ours = follow(Cosine, 16, T_max=8, eta_min=0.5)
    torchs = follow(torch.optim.lr_scheduler.CosineAnnealingLR, 9, T_max=8, eta_min=0.5)
    assert ours[:9] == pytest.approx(torchs)
    assert ours[:8] == pytest.approx([0.25 + 0.75 * (1 + cos(pi * step / 8)) / 2 for step in range(8)])
    assert ours[8:] == [0.25] * 8


def test_a_rate_below_the_end_is_kept(follow: Follow) -> None:
    assert follow(Cosine, 4, T_max=3, eta_min=9.0) == [1.0] * 4


@pytest.mark.parametrize("word", ["T_max=0", "eta_min=-1"])
def test_a_wrong_setting_is_told(word: str, mistakes: Callable[..., str]) -> None:
    told = mistakes("scheduler=cosine", f"scheduler.scheduler.{word}")
    assert told.startswith(f"scheduler.scheduler.{word.partition('=')[0]}: expected ")
