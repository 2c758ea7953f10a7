"""The average follows the formula, and the extra is asked for where it is missing."""

import sys
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from kindling.error import MachineError
from kindling.optimizer.schedule_free import schedule_free

RATE, DECAY, WARMUP = 0.1, 0.2, 3


def averaged(start: Tensor, slope: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    """Algorithm 1 of the paper for the loss `slope * weight**2`: where it trains, and the average."""
    base, average, square, total = start, start, torch.zeros_like(start), 0.0
    for step in range(1, steps + 1):
        rate = RATE * min(1.0, step / WARMUP)
        place = 0.1 * base + 0.9 * average
        gradient = 2 * slope * place
        square = 0.999 * square + 0.001 * gradient**2
        scaled = gradient / ((square / (1 - 0.999**step)).sqrt() + 1e-8)
        base = base - rate * (scaled + DECAY * place)
        total += rate**2
        share = rate**2 / total
        average = (1 - share) * average + share * base
    return 0.1 * base + 0.9 * average, average


def test_five_steps_follow_the_formula() -> None:
    pytest.importorskip("schedulefree")
    start, slope = torch.randn(4, 3), torch.rand(4, 3) + 0.1
    weight = nn.Parameter(start.clone())
    optimizer: Any = schedule_free([weight], RATE, weight_decay=DECAY, warmup_steps=WARMUP)
    optimizer.train()
    for _ in range(5):
        optimizer.zero_grad()
        (slope * weight**2).sum().backward()
        optimizer.step()
    place, average = averaged(start, slope, 5)
    torch.testing.assert_close(weight.data, place)
    optimizer.eval()
    torch.testing.assert_close(weight.data, average)
    optimizer.train()
    torch.testing.assert_close(weight.data, place)


def test_a_missing_package_is_told_with_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "schedulefree", None)
    text = r"^optimizer: schedulefree .*; type: python -m pip install schedulefree$"
    with pytest.raises(MachineError, match=text):
        schedule_free([nn.Parameter(torch.zeros(1))])


@pytest.mark.parametrize(
    "word", ["lr=0", "betas=[0.9,1]", "betas=[0.9]", "weight_decay=-1", "warmup_steps=1.5"]
)
def test_a_wrong_setting_is_told(word: str, mistakes: Callable[..., str]) -> None:
    told = mistakes("optimizer=schedule_free", f"optimizer.{word}").splitlines()[-1]
    assert told.startswith(f"optimizer.{word.partition('=')[0]}: expected ")
