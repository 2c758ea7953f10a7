"""The loss is in units of the spread, the metrics in the target's own."""

from typing import Any

import numpy as np
import pytest
import torch

from kindling.data.normalize import Statistics
from kindling.data.spec import DataSpec
from kindling.error import ConfigError, UnsuitableError
from kindling.task.regression import Regression


def test_loss_and_metrics_are_in_their_units() -> None:
    task = Regression(DataSpec((2,), "real", 1))
    mean, spread = torch.tensor([100.0]), torch.tensor([20.0])
    task.adopt(Statistics(torch.zeros(2), torch.ones(2), mean, spread, torch.empty(0)))
    target, output = torch.tensor([[100.0], [140.0]]), torch.zeros(2, 1)
    assert task.loss(output, target) == pytest.approx((0 + 4) / 2)
    metrics = task.metrics["on_val"]
    metrics.update(task.predict(output), target)
    assert metrics.compute()["mae"] == 20
    assert metrics.compute()["mse"] == 800
    assert metrics.compute()["r2"] == pytest.approx(1 - 1600 / 800)


def test_outputs_are_not_spread_over_the_rows() -> None:
    with pytest.raises(ConfigError, match=r"expected outputs of shape \(2, 1\), got \(2,\)"):
        Regression(DataSpec((2,), "real", 1)).loss(torch.zeros(2), torch.zeros(2, 1))


def test_classes_are_refused() -> None:
    with pytest.raises(UnsuitableError, match="needs numbers to predict; the data has 3 classes"):
        Regression(DataSpec((2,), "class", 3))


def test_a_single_number_has_no_variance_to_explain() -> None:
    task = Regression(DataSpec((2,), "real", 1))
    metric = task.metrics["on_test"]
    metric.update(torch.tensor([[1.0]]), torch.tensor([[2.0]]))
    found = metric.compute()
    assert (found["mae"], found["r2"]) == (1, 0)


def huber(gap: Any, delta: float) -> Any:
    return np.where(np.abs(gap) < delta, gap**2 / 2, delta * (np.abs(gap) - delta / 2))


@pytest.mark.parametrize(
    ("loss", "formula"),
    [
        ("mse", np.square),
        ("mae", np.abs),
        ("huber", lambda gap: huber(gap, 1.0)),
        ({"huber": {"delta": 0.5}}, lambda gap: huber(gap, 0.5)),
    ],
)
def test_a_loss_is_its_formula_on_normalised_targets(loss: Any, formula: Any) -> None:
    task = Regression(DataSpec((2,), "real", 2), loss=loss)
    mean, spread = torch.tensor([100.0, -3.0]), torch.tensor([20.0, 0.5])
    task.adopt(Statistics(torch.zeros(2), torch.ones(2), mean, spread, torch.empty(0)))
    target, output = mean + spread * torch.randn(30, 2), torch.randn(30, 2)
    gap = output.numpy() - ((target - mean) / spread).numpy()
    assert task.loss(output, target).item() == pytest.approx(formula(gap).mean(), abs=1e-5)


@pytest.mark.parametrize("loss", ["mse", "mae", "huber"])
def test_losses_and_slopes_stay_finite_for_extreme_outputs(loss: str) -> None:
    output = torch.tensor([[1e4], [-1e4], [0.0]], requires_grad=True)
    found = Regression(DataSpec((2,), "real", 1), loss=loss).loss(output, torch.zeros(3, 1))
    found.backward()
    assert torch.isfinite(found)
    assert torch.isfinite(output.grad).all()  # type: ignore[arg-type]
