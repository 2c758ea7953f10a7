"""Cross-entropy, accuracy and the smoothing of labels."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.nn import functional as F

from kindling.data.normalize import Statistics
from kindling.data.spec import DataSpec
from kindling.error import ConfigError, UnsuitableError
from kindling.loss.focal import focal
from kindling.task.classification import Classification

SPEC = DataSpec((2,), "class", 3)


def test_labels_are_smoothed_in_training_alone() -> None:
    task, output, target = Classification(SPEC, label_smoothing=0.3), torch.randn(8, 3), torch.arange(8) % 3
    plain = F.cross_entropy(output, target)
    uniform = -F.log_softmax(output, 1).mean()
    torch.testing.assert_close(task.loss(output, target), 0.7 * plain + 0.3 * uniform)
    torch.testing.assert_close(task.eval().loss(output, target), plain)


@pytest.mark.parametrize("shape", [(8, 2), (8,), (8, 3, 1)])
def test_outputs_have_one_number_a_class(shape: tuple[int, ...]) -> None:
    with pytest.raises(ConfigError, match=r"expected outputs of shape \(8, 3\), got \(8,.*; end it with"):
        Classification(SPEC).loss(torch.zeros(shape), torch.arange(8) % 3)


def test_accuracy_is_the_share_of_rows_and_not_of_classes() -> None:
    task = Classification(SPEC)
    probabilities = task.predict(torch.eye(3)[[0, 0, 0, 0]])
    metric = task.metrics["on_test"]
    metric.update(probabilities, torch.tensor([0, 0, 0, 2]))
    assert metric.compute()["accuracy"] == 0.75
    torch.testing.assert_close(probabilities.sum(1), torch.ones(4))


def test_numbers_are_refused() -> None:
    with pytest.raises(UnsuitableError, match="needs two classes or more; the data has numbers to predict"):
        Classification(DataSpec((2,), "real", 1))


def test_balanced_weights_let_every_class_count_the_same() -> None:
    task, target = Classification(SPEC, class_weights="balanced"), torch.tensor([0] * 6 + [1] * 3 + [2])
    adopt(task, target)
    output = torch.randn(10, 3)
    losses = F.cross_entropy(output, target, reduction="none")
    of_each = torch.stack([losses[target == label].mean() for label in range(3)])
    torch.testing.assert_close(task.loss(output, target), of_each.mean())
    assert task.class_weights.weight[target].mean() == pytest.approx(1)


def test_a_class_without_training_rows_has_no_weight() -> None:
    task = Classification(SPEC, class_weights="balanced")
    adopt(task, torch.tensor([0, 0, 1]))
    assert task.class_weights.weight.tolist() == pytest.approx([0.75, 1.5, 0])


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1, 3], "expected one weight for each of 3 classes, got 2"),
        ([0, 0, 0], r"expected one above 0, got \[0, 0, 0\]"),
    ],
)
def test_weights_that_do_not_fit_the_classes_are_told(weights: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=rf"^task\.class_weights: {message}"):
        Classification(SPEC, class_weights=weights)


def test_a_list_weighs_each_class_as_it_says() -> None:
    task, target = Classification(SPEC, class_weights=[1, 0, 2.5]), torch.arange(9) % 3
    output = torch.randn(9, 3)
    adopt(task, target)
    losses = F.cross_entropy(output, target, reduction="none")
    weights = torch.tensor([1.0, 0.0, 2.5])[target]
    torch.testing.assert_close(task.loss(output, target), (losses * weights).mean())


@pytest.mark.parametrize("loss", ["cross_entropy", "focal"])
@pytest.mark.parametrize("size", [1.0, 1e4])
def test_losses_and_slopes_stay_finite_for_extreme_outputs(loss: str, size: float) -> None:
    task = Classification(SPEC, loss=loss, label_smoothing=0.1)
    output = (torch.eye(3) * size - size / 2).requires_grad_()
    found = task.loss(output, torch.tensor([0, 0, 1]))
    found.backward()
    assert torch.isfinite(found)
    assert torch.isfinite(output.grad).all()  # type: ignore[arg-type]


def test_focal_has_its_setting_from_the_words() -> None:
    output, target = torch.randn(9, 3), torch.arange(9) % 3
    task = Classification(SPEC, loss={"focal": {"gamma": 0.7}}, label_smoothing=0.2)
    torch.testing.assert_close(task.loss(output, target), focal(output, target, 0.2, 0.7).mean())
    torch.testing.assert_close(task.eval().loss(output, target), focal(output, target, 0.0, 0.7).mean())


def adopt(task: Classification, target: torch.Tensor) -> None:
    nothing = torch.empty(0)
    task.adopt(Statistics(nothing, nothing, nothing, nothing, target.bincount(minlength=3)))


@pytest.mark.parametrize(
    "word",
    [
        "task.class_weights=[1,-1,1]",
        "task.class_weights=[1,a,1]",
        "task.label_smoothing=-0.1",
        "task.label_smoothing=much",
        "task.loss={focal:2}",
        "task.metrics=[3]",
    ],
)
def test_a_value_of_the_wrong_kind_is_told(word: str, mistakes: Callable[..., str]) -> None:
    assert mistakes(word).startswith(f"{word.partition('=')[0]}: expected ")
