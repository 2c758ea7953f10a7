"""Cross-entropy, accuracy and the smoothing of labels."""

import pytest
import torch
from torch.nn import functional as F

from kindling.data.normalize import Statistics
from kindling.data.spec import DataSpec
from kindling.error import ConfigError, UnsuitableError
from kindling.task.classification import Classification

SPEC = DataSpec((2,), "class", 3)


def test_labels_are_smoothed_in_training_alone() -> None:
    task, output, target = Classification(SPEC, label_smoothing=0.3), torch.randn(8, 3), torch.arange(8) % 3
    plain = F.cross_entropy(output, target)
    uniform = -F.log_softmax(output, 1).mean()
    torch.testing.assert_close(task.loss(output, target), 0.7 * plain + 0.3 * uniform)
    torch.testing.assert_close(task.eval().loss(output, target), plain)


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


def test_an_unknown_weighting_is_told() -> None:
    with pytest.raises(ConfigError, match=r"task\.class_weights: expected one of none, balanced; got fair"):
        Classification(SPEC, class_weights="fair")  # type: ignore[arg-type]


def adopt(task: Classification, target: torch.Tensor) -> None:
    nothing = torch.empty(0)
    task.adopt(Statistics(nothing, nothing, nothing, nothing, target.bincount(minlength=3)))


@pytest.mark.parametrize("share", [-0.1, 1.5])
def test_a_smoothing_that_is_no_share_is_told(share: float) -> None:
    with pytest.raises(ConfigError, match=r"task\.label_smoothing: expected 0 to 1, got"):
        Classification(SPEC, label_smoothing=share)
