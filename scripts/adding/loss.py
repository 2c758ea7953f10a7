"""The loss of errors that are known."""

import math

import torch

from kindling.loss.example import example


def test_it_follows_its_formula_and_stays_finite() -> None:
    output, target = torch.tensor([[0.5, -2.0], [1000.0, -1000.0]]), torch.zeros(2, 2)
    near = (math.log(math.cosh(0.5)) + math.log(math.cosh(2))) / 2
    expected = torch.tensor([near, 1000 - math.log(2)])
    torch.testing.assert_close(example(output, target), expected)
