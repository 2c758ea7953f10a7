"""What it adds to the loss, of kernels that are known."""

import torch
from torch import nn

from kindling.regularizer.example import Example


def test_it_adds_nothing_for_rows_at_right_angles() -> None:
    net = nn.Linear(2, 2)
    net.weight.data = torch.eye(2)
    assert Example(0.5)(net) == 0


def test_it_grows_with_its_strength() -> None:
    net = nn.Linear(2, 2)
    net.weight.data = 2 * torch.eye(2)
    assert Example(0.5)(net) == 0.5 * 2 * (4 - 1) ** 2
