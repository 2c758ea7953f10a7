"""Focal loss against its formula, and cross-entropy where its exponent is 0."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from kindling.loss.focal import focal


@pytest.mark.parametrize("gamma", [0.5, 1.0, 2.0, 5])
def test_it_is_the_papers_formula(gamma: float) -> None:
    output, target = torch.randn(20, 4, dtype=torch.double), torch.arange(20) % 4
    share = torch.softmax(output, 1)[torch.arange(20), target]
    torch.testing.assert_close(focal(output, target, gamma=gamma), -((1 - share) ** gamma) * share.log())


@pytest.mark.parametrize("smoothing", [0.0, 0.2, 1.0])
def test_without_an_exponent_it_is_cross_entropy(smoothing: float) -> None:
    output, target = torch.randn(20, 4), torch.arange(20) % 4
    expected = F.cross_entropy(output, target, label_smoothing=smoothing, reduction="none")
    torch.testing.assert_close(focal(output, target, smoothing, gamma=0), expected)


def test_smoothing_shares_the_label_out() -> None:
    output, target = torch.randn(20, 4), torch.arange(20) % 4
    of_each = torch.stack([focal(output, torch.full((20,), label)) for label in range(4)], 1)
    shares = 0.3 / 4 + 0.7 * F.one_hot(target, 4)
    torch.testing.assert_close(focal(output, target, smoothing=0.3), (of_each * shares).sum(1))


@pytest.mark.parametrize("gamma", [0, 0.5, 2.0])
@pytest.mark.parametrize("size", [0.0, 20.0, 100.0, 1e4])
def test_values_and_slopes_stay_finite(size: float, gamma: float) -> None:
    output = torch.tensor([[0.0, size], [0.0, -size], [size, 0.0]], requires_grad=True)
    losses = focal(output, torch.tensor([1, 1, 1]), smoothing=0.1, gamma=gamma)
    losses.sum().backward()
    assert torch.isfinite(losses).all()
    assert isinstance(output.grad, Tensor)
    assert torch.isfinite(output.grad).all()


@pytest.mark.parametrize("gamma", [-1, float("nan"), float("inf"), "2"])
def test_an_exponent_that_is_none_is_refused(gamma: float) -> None:
    with pytest.raises(ValueError, match="expected gamma of 0 or more, got"):
        focal(torch.zeros(2, 2), torch.zeros(2, dtype=torch.long), gamma=gamma)
