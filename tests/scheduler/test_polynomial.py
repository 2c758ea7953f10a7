"""The rate follows a power of what is left of the run."""

from collections.abc import Callable

import pytest
from torch.optim.lr_scheduler import PolynomialLR

from kindling.scheduler.polynomial import Polynomial
from tests.scheduler.conftest import Follow


def test_it_is_torchs_with_a_floor_of_zero(follow: Follow) -> None:
    ours = follow(Polynomial, 12, total_steps=10, power=0.9)
    assert ours == pytest.approx(follow(PolynomialLR, 12, total_iters=10, power=0.9))


def test_it_ends_at_the_floor_and_stays(follow: Follow) -> None:
    found = follow(Polynomial, 7, total_steps=5, power=1, floor=0.5)
    assert found == pytest.approx([1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.5])


@pytest.mark.parametrize("word", ["total_steps=0", "power=-1", "floor=2"])
def test_a_wrong_setting_is_told(word: str, mistakes: Callable[..., str]) -> None:
    told = mistakes("scheduler=polynomial", f"scheduler.scheduler.{word}")
    assert told.startswith(f"scheduler.scheduler.{word.partition('=')[0]}: expected ")
