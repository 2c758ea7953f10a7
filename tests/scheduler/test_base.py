"""The rate follows from the step alone, for each parameter group from its own."""

import pytest
import torch
from torch import nn

from kindling.scheduler.base import Schedule, cosine


class Halves(Schedule):
    def share(self, step: int) -> float:
        return 0.5**step


def grouped() -> torch.optim.Optimizer:
    groups = [{"params": [nn.Parameter(torch.zeros(1))], "lr": rate} for rate in (1.0, 8.0)]
    return torch.optim.SGD(groups)


def test_each_group_starts_at_its_own_rate() -> None:
    optimizer = grouped()
    schedule = Halves(optimizer)
    optimizer.step()
    schedule.step()
    assert schedule.get_last_lr() == [0.5, 4.0]


def test_it_goes_on_where_its_state_was_kept() -> None:
    optimizer = grouped()
    schedule = Halves(optimizer)
    for _ in range(3):
        optimizer.step()
        schedule.step()
    resumed = Halves(grouped())
    resumed.load_state_dict(schedule.state_dict())
    assert resumed.get_lr() == [0.125, 1.0]


def test_last_epoch_begins_in_the_middle() -> None:
    optimizer = grouped()
    for group in optimizer.param_groups:
        group["initial_lr"] = group["lr"]
    assert Halves(optimizer, last_epoch=1).get_last_lr() == [0.25, 2.0]


def test_the_cosine_falls_and_stays() -> None:
    assert [cosine(done) for done in (0, 0.5, 1, 1.5)] == pytest.approx([1, 0.5, 0, 0])
