"""The loss and the predictions agree, and other data are refused."""

import pytest
import torch

from kindling.data.spec import DataSpec
from kindling.error import UnsuitableError
from kindling.task.example import Example


def test_the_loss_is_least_where_the_prediction_is_right() -> None:
    task = Example(DataSpec((1,), "real", 1))
    target = torch.tensor([[1.0], [2.0], [5.0]])
    right = target.log()
    torch.testing.assert_close(task.predict(right), target)
    assert task.loss(right, target) < min(task.loss(right + 0.1, target), task.loss(right - 0.1, target))


def test_classes_are_refused() -> None:
    with pytest.raises(UnsuitableError, match="the data has 3 classes"):
        Example(DataSpec((1,), "class", 3))
