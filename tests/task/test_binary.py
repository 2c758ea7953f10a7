"""Binary cross-entropy on one logit."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from sklearn.metrics import log_loss
from torch.nn import functional as F

from kindling.data.normalize import Statistics
from kindling.data.spec import DataSpec
from kindling.error import ConfigError, UnsuitableError
from kindling.task.binary import Binary

SPEC = DataSpec((2,), "class", 2)


def test_one_logit_scores_as_two_outputs_would() -> None:
    task, logit, target = Binary(SPEC), torch.randn(9, 1), torch.arange(9) % 2
    two_outputs = torch.cat([torch.zeros(9, 1), logit], 1)
    torch.testing.assert_close(task.loss(logit, target), F.cross_entropy(two_outputs, target))
    torch.testing.assert_close(task.predict(logit), torch.softmax(two_outputs, 1)[:, 1])


def test_smoothing_agrees_with_two_outputs_too() -> None:
    task, logit, target = Binary(SPEC, label_smoothing=0.2), torch.randn(9, 1), torch.arange(9) % 2
    two_outputs = torch.cat([torch.zeros(9, 1), logit], 1)
    smoothed = F.cross_entropy(two_outputs, target, label_smoothing=0.2)
    torch.testing.assert_close(task.loss(logit, target), smoothed)
    assert not torch.isclose(task.eval().loss(logit, target), smoothed)


def test_three_classes_are_refused() -> None:
    with pytest.raises(UnsuitableError, match="needs 2 classes; the data has 3 classes"):
        Binary(DataSpec((2,), "class", 3))


def test_balanced_weights_let_both_classes_count_the_same() -> None:
    task, target, nothing = (
        Binary(SPEC, class_weights="balanced"),
        torch.tensor([0] * 9 + [1]),
        torch.empty(0),
    )
    task.adopt(Statistics(nothing, nothing, nothing, nothing, target.bincount()))
    output = torch.randn(10, 1)
    losses = F.binary_cross_entropy_with_logits(output[:, 0], target.float(), reduction="none")
    torch.testing.assert_close(task.loss(output, target), (losses[:9].mean() + losses[9]) / 2)


def adopted(task: Binary, target: torch.Tensor) -> Binary:
    nothing = torch.empty(0)
    task.adopt(Statistics(nothing, nothing, nothing, nothing, target.bincount(minlength=2)))
    return task


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_the_loss_is_torchs_own(smoothing: float) -> None:
    logit, target = torch.randn(50, 1) * 5, torch.arange(50) % 2
    soft = target * (1 - smoothing) + smoothing / 2
    expected = F.binary_cross_entropy_with_logits(logit[:, 0], soft)
    torch.testing.assert_close(Binary(SPEC, label_smoothing=smoothing).loss(logit, target), expected)


def test_the_positive_weight_is_torchs_own() -> None:
    logit, target, weight = torch.randn(50, 1), torch.arange(50) % 2, torch.tensor(3.0)
    task = adopted(Binary(SPEC, positive_weight=3), target)
    expected = F.binary_cross_entropy_with_logits(logit[:, 0], target.float(), pos_weight=weight)
    torch.testing.assert_close(task.loss(logit, target), expected)
    same = adopted(Binary(SPEC, class_weights=[1, 3]), target)
    torch.testing.assert_close(same.loss(logit, target), expected)


@pytest.mark.parametrize("loss", ["cross_entropy", "focal"])
def test_the_loss_is_scikit_learns(loss: str) -> None:
    logit, target = torch.randn(50, 1), torch.arange(50) % 2
    task = Binary(SPEC, loss={"focal": {"gamma": 0}} if loss == "focal" else loss)
    chance = task.predict(logit).double().numpy()
    assert task.loss(logit, target).item() == pytest.approx(log_loss(target.numpy(), chance), abs=1e-5)


@pytest.mark.parametrize("loss", ["cross_entropy", "focal"])
def test_losses_and_slopes_stay_finite_for_extreme_logits(loss: str) -> None:
    task = Binary(SPEC, loss=loss, label_smoothing=0.1, positive_weight=3.0)
    logit = torch.tensor([[1e4], [-1e4], [1e4], [-1e4], [0.0]], requires_grad=True)
    found = task.loss(logit, torch.tensor([0, 0, 1, 1, 1]))
    found.backward()
    assert torch.isfinite(found)
    assert torch.isfinite(logit.grad).all()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "word",
    [
        "task.positive_weight=0",
        "task.positive_weight=-1",
        "task.positive_weight=inf",
        "task.positive_weight=much",
    ],
)
def test_a_positive_weight_that_is_none_is_told(word: str, mistakes: Callable[..., str]) -> None:
    assert mistakes("data=breast_cancer", word).startswith(f"{word.partition('=')[0]}: expected ")


@pytest.mark.parametrize("weights", ["balanced", [1, 1]])
def test_weights_are_told_once(weights: Any) -> None:
    with pytest.raises(ConfigError, match=r"^task\.positive_weight: expected it or task\.class_weights"):
        Binary(SPEC, class_weights=weights, positive_weight=2)
