"""Every metric agrees with scikit-learn's over uneven batches, whatever the sizes of the classes."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from sklearn import metrics as reference
from torch import Tensor

from kindling.data.spec import DataSpec
from kindling.task.base import Task
from kindling.task.binary import Binary
from kindling.task.classification import Classification
from kindling.task.regression import Regression

SEEDS = range(4)
MANY = ["accuracy", "f1", "auroc", "average_precision", "calibration_error", {"top_k": {"k": 2}}]
TWO = ["accuracy", "f1", "auroc", "average_precision", "calibration_error"]
REAL = ["mae", "mse", "rmse", "r2"]


def scored(task: Task, predicted: Tensor, target: Tensor, batch: int = 17) -> dict[str, float]:
    metrics: Any = task.metrics["on_val"]
    metrics.reset()
    for rows, labels in zip(predicted.split(batch), target.split(batch), strict=True):
        metrics.update(rows, labels)
    return {name: float(value) for name, value in metrics.compute().items()}


def calibration_error(confidence: Any, hit: Any, bins: int = 15) -> float:
    """Guo et al. (2017), equation 3, word for word."""
    found, edges = 0.0, np.linspace(0, 1, bins + 1)
    for low, high in pairwise(edges):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            found += inside.mean() * abs(hit[inside].mean() - confidence[inside].mean())
    return float(found)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shares", [[1, 1, 1, 1], [90, 6, 3, 1]], ids=["even", "imbalanced"])
def test_many_classes(shares: list[float], seed: int) -> None:
    torch.manual_seed(seed)
    target = torch.cat([torch.arange(4), torch.multinomial(torch.tensor(shares).float(), 196, True)])
    chance = torch.softmax(torch.randn(200, 4) * 2 + torch.eye(4)[target], 1)
    found = scored(Classification(DataSpec((2,), "class", 4), metrics=MANY), chance, target)
    y, p = target.numpy(), chance.double().numpy()
    p /= p.sum(1, keepdims=True)
    assert found == pytest.approx(
        {
            "accuracy": reference.accuracy_score(y, p.argmax(1)),
            "f1": reference.f1_score(y, p.argmax(1), average="macro"),
            "auroc": reference.roc_auc_score(y, p, multi_class="ovr", average="macro"),
            "average_precision": reference.average_precision_score(np.eye(4)[y], p, average="macro"),
            "calibration_error": calibration_error(p.max(1), y == p.argmax(1)),
            "top_k": reference.top_k_accuracy_score(y, p, k=2, labels=range(4)),
        },
        abs=1e-5,
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("share", [0.5, 0.05])
def test_two_classes_with_many_ties(share: float, seed: int) -> None:
    torch.manual_seed(seed)
    target = torch.cat([torch.arange(2), (torch.rand(198) < share).long()])
    chance = torch.sigmoid(torch.randn(200) + target).mul(25).add(0.25).floor().add(0.5).div(26)
    found = scored(Binary(DataSpec((2,), "class", 2), metrics=TWO), chance, target)
    y, p = target.numpy(), chance.double().numpy()
    assert found == pytest.approx(
        {
            "accuracy": reference.accuracy_score(y, p > 0.5),
            "f1": reference.f1_score(y, p > 0.5),
            "auroc": reference.roc_auc_score(y, p),
            "average_precision": reference.average_precision_score(y, p),
            "calibration_error": calibration_error(np.maximum(p, 1 - p), y == (p > 0.5)),
        },
        abs=1e-5,
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("targets", [1, 3])
@pytest.mark.parametrize("middle", [0.0, 1e3])
def test_numbers_near_0_and_far_from_it(middle: float, targets: int, seed: int) -> None:
    torch.manual_seed(seed)
    target = torch.randn(200, targets) * torch.tensor([1.0, 20.0, 300.0])[:targets] + middle
    predicted = target + torch.randn(200, targets)
    found = scored(Regression(DataSpec((2,), "real", targets), metrics=REAL), predicted, target)
    y, p = target.double().numpy(), predicted.double().numpy()
    assert found == pytest.approx(
        {
            "mae": reference.mean_absolute_error(y, p),
            "mse": reference.mean_squared_error(y, p),
            "rmse": reference.root_mean_squared_error(y, p),
            "r2": reference.r2_score(y, p),
        },
        rel=1e-4,
        abs=1e-4,
    )


def test_classes_that_are_absent_are_left_out_of_the_mean() -> None:
    target = torch.tensor([1, 3]).repeat(40)
    chance = torch.softmax(torch.randn(80, 5) + torch.eye(5)[target], 1)
    names = ["auroc", "average_precision", "f1"]
    found = scored(Classification(DataSpec((2,), "class", 5), metrics=names), chance, target)
    y, p = target.numpy(), chance.numpy()

    def of_present(score: Callable[..., float]) -> float:
        return float(np.mean([score(y == one, p[:, one]) for one in (1, 3)]))

    assert found == pytest.approx(
        {
            "auroc": of_present(reference.roc_auc_score),
            "average_precision": of_present(reference.average_precision_score),
            "f1": reference.f1_score(y, p.argmax(1), average="macro"),
        },
        abs=1e-5,
    )


@pytest.mark.parametrize("names", [MANY, TWO, REAL])
def test_uneven_batches_add_up_to_the_whole(names: list[Any]) -> None:
    many, two = names is MANY, names is TWO
    kind: Any = Classification if many else Binary if two else Regression
    spec = DataSpec((2,), "class" if many or two else "real", 4 if many else 2)
    task = kind(spec, metrics=names)
    target = torch.randn(50, 2) if names is REAL else torch.randint(spec.num_targets, (50,))
    predicted = task.predict(torch.randn(50, task.num_outputs))
    whole = scored(task, predicted, target, batch=50)
    for batch in (1, 7, 49):
        assert scored(task, predicted, target, batch) == pytest.approx(whole, abs=1e-5)
