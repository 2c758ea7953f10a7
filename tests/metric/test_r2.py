"""R squared: right for targets that lie far from 0, 0 where nothing varies, joined over processes."""

import pytest
import torch

from kindling.metric.r2 import R2


@pytest.mark.parametrize("value", [0.0, 0.1, 1e3 / 3])
def test_a_target_that_does_not_vary_has_nothing_to_explain(value: float) -> None:
    metric, target = R2(), torch.full((100, 1), value)
    for rows in target.split(33):
        metric.update(rows + 1, rows)
    assert metric.compute() == 0


def test_one_that_varies_counts_beside_one_that_does_not() -> None:
    metric, target = R2(), torch.stack([torch.arange(10.0), torch.ones(10)], 1)
    metric.update(target, target)
    assert metric.compute() == 0.5


def test_parts_of_several_processes_join_to_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    target = torch.randn(30, 2) + torch.tensor([5.0, 100.0])
    predicted = target + torch.randn(30, 2)
    whole, first, second = R2(), R2(), R2()
    whole.update(predicted, target)
    first.update(predicted[:20], target[:20])
    second.update(predicted[20:], target[20:])
    others = iter([second.count, second.mean, second.spread, second.residual])
    monkeypatch.setattr(first, "dist_sync_fn", lambda state, group=None: [state, next(others)])
    first.distributed_available_fn = lambda: True
    assert first.compute() == pytest.approx(whole.compute().item(), abs=1e-5)
