"""A schedule followed without a run."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.optim.lr_scheduler import LRScheduler

Follow = Callable[..., list[float]]


@pytest.fixture
def follow() -> Follow:
    """The shares of the rate over some steps, from the first on."""

    def run(kind: Callable[..., LRScheduler], steps: int, **settings: Any) -> list[float]:
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=2.0)
        schedule = kind(optimizer, **settings)
        found = []
        for _ in range(steps):
            found.append(optimizer.param_groups[0]["lr"] / 2.0)
            optimizer.step()
            schedule.step()
        return found

    return run
