"""Two branches over the same input that join: wide and deep (Cheng et al., arXiv 1606.07792)."""

from math import prod

import torch
from torch import Tensor, nn


class TwoBranches(nn.Module):
    """A linear branch that remembers, beside a deep one that generalises; takes any input."""

    def __init__(
        self, input_shape: tuple[int, ...], num_outputs: int, hidden: int = 64, dropout: float = 0.0
    ) -> None:
        super().__init__()
        features = prod(input_shape)  # the data says it, so that no configuration has to
        self.wide = nn.Linear(features, hidden)
        self.deep = nn.Sequential(
            nn.Linear(features, hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
        )
        # the output layer comes last, as layer-wise learning rates count from there
        self.head = nn.Linear(2 * hidden, num_outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Raw outputs (batch, num_outputs)."""
        x = x.flatten(1)  # (batch, features)
        # a graph is plain Python: a branch is a call, and branches join by concatenation or a sum
        joined = torch.cat([self.wide(x), self.deep(x)], 1)  # (batch, 2 * hidden)
        output: Tensor = self.head(joined)  # no softmax: the task makes probabilities of raw outputs
        return output
