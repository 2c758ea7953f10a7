"""The metric of predictions that are known, over several batches."""

import pytest
import torch

from kindling.metric.example import Example


def test_batches_add_up() -> None:
    metric = Example(tolerance=0.5)
    metric.update(torch.tensor([[1.0], [2.5]]), torch.tensor([[1.0], [2.0]]))
    metric.update(torch.tensor([[4.0]]), torch.tensor([[2.0]]))
    assert metric.compute() == pytest.approx(2 / 3)


def test_a_wrong_setting_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a tolerance of 0 or more, got -1"):
        Example(tolerance=-1)
