"""Cross-entropy, accuracy and the smoothing of labels."""

import pytest
import torch
from torch.nn import functional as F

from kindling.data.spec import DataSpec
from kindling.error import UnsuitableError
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
