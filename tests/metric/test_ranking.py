"""Metrics that rank: what they keep and where, and what they say where there is nothing to rank."""

from typing import Any

import pytest
import torch

from kindling.data.spec import DataSpec
from kindling.metric.auroc import Auroc
from kindling.metric.average_precision import AveragePrecision
from kindling.metric.base import Ranked
from kindling.metric.calibration_error import CalibrationError
from kindling.task.base import keeps_rows
from kindling.task.classification import Classification

SPEC = DataSpec((2,), "class", 3)


def test_training_keeps_no_rows() -> None:
    metrics = Classification(SPEC, metrics=["auroc", "accuracy", "average_precision"]).metrics
    assert list(dict(metrics["on_train"].items())) == ["accuracy"]  # type: ignore[operator]
    assert not list(Classification(SPEC, metrics=["auroc"]).metrics["on_train"].children())
    assert not keeps_rows(CalibrationError())


def test_two_metrics_keep_the_same_rows_once() -> None:
    metrics: Any = Classification(SPEC, metrics=["auroc", "accuracy", "average_precision"]).metrics["on_val"]
    for _ in range(2):
        for _ in range(3):
            metrics.update(torch.softmax(torch.randn(8, 3), 1), torch.arange(8) % 3)
        first, second = metrics.auroc, metrics.average_precision  # by their names they would be copies
        assert first.scores is second.scores
        assert len(first.scores) == 3
        assert set(metrics.compute()) == {"auroc", "accuracy", "average_precision"}
        metrics.reset()
        assert not second.scores


def test_on_the_cpu_rows_are_kept_without_a_copy() -> None:
    metric, scores = Auroc(), torch.rand(5)
    metric.update(scores, torch.tensor([0, 1, 0, 1, 1]))
    assert metric.scores[0] is scores


@pytest.mark.parametrize(("kind", "value"), [(Auroc, 0.5), (AveragePrecision, 0.0)])
def test_where_no_class_can_be_ranked_the_value_is_finite_and_no_warning_is_given(
    kind: type[Ranked], value: float
) -> None:
    metric = kind()
    metric.update(torch.rand(5), torch.zeros(5, dtype=torch.long))
    assert metric.compute() == value


def test_one_class_alone_has_no_area_but_a_precision() -> None:
    chance, target = torch.softmax(torch.randn(5, 3), 1), torch.full((5,), 2)
    for metric, value in ((Auroc(), 0.5), (AveragePrecision(), 1.0)):
        metric.update(chance, target)
        assert metric.compute() == pytest.approx(value)


def test_the_rows_of_all_processes_are_gathered(monkeypatch: pytest.MonkeyPatch) -> None:
    scores, target = torch.rand(20), torch.arange(20) % 2
    whole, half = Auroc(), Auroc().clone()
    whole.update(scores, target)
    for rows in (slice(0, 5), slice(5, 12)):
        half.update(scores[rows], target[rows])
    rest = iter([scores[12:], target[12:]])
    monkeypatch.setattr(
        "kindling.metric.base.gather_all_tensors", lambda rows, group: [rows, next(rest).to(rows.dtype)]
    )
    assert half.dist_sync_fn.__self__ is half  # type: ignore[union-attr]
    half.distributed_available_fn = lambda: True
    assert half.compute() == pytest.approx(whole.compute().item())
    assert [len(rows) for rows in half.scores] == [5, 7], "the other process has its own"


def test_a_bin_has_its_upper_end() -> None:
    metric = CalibrationError(bins=4)
    chance = torch.tensor([[0.5, 0.2, 0.2, 0.1], [0.3, 0.24, 0.23, 0.23], [0.6, 0.2, 0.1, 0.1]])
    metric.update(chance, torch.tensor([0, 1, 1]))
    assert metric.compute() == pytest.approx((abs(0.5 - 0.3) + 0.6) / 3)


@pytest.mark.parametrize("bins", [0, 2.5])
def test_bins_that_are_none_are_refused(bins: int) -> None:
    with pytest.raises(ValueError, match="expected bins of 1 or more, got"):
        CalibrationError(bins)
