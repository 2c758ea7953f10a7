"""The rate follows the formula."""

from math import cos, pi

import pytest
import torch

from kindling.scheduler.warmup_cosine import WarmupCosine


def rates(total_steps: int, warmup_fraction: float, floor: float) -> list[float]:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=2.0)
    schedule = WarmupCosine(optimizer, total_steps, warmup_fraction, floor)
    found = []
    for _ in range(total_steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return [*found, optimizer.param_groups[0]["lr"]]


def test_it_rises_in_a_line_and_falls_along_a_cosine() -> None:
    found = rates(total_steps=100, warmup_fraction=0.2, floor=0.0)
    assert found[:20] == pytest.approx([2 * (step + 1) / 21 for step in range(20)])
    assert found[20:] == pytest.approx([1 + cos(pi * step / 80) for step in range(81)])


def test_it_ends_at_the_floor() -> None:
    assert rates(50, 0.1, floor=0.25)[-1] == pytest.approx(0.5)


def test_without_warm_up_it_starts_at_the_full_rate() -> None:
    assert rates(10, 0.0, floor=0.0)[0] == 2.0
