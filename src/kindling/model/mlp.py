"""Fully connected network."""

from itertools import pairwise
from math import prod

from torch import nn

from kindling.model.layer import make_activation, make_norm


class MLP(nn.Sequential):
    """Flattens any input, then one block (linear, norm, activation, dropout) per hidden size."""

    def __init__(
        self,
        input_shape: tuple[int, ...],
        num_outputs: int,
        hidden: list[int],
        activation: str = "relu",
        norm: str = "none",
        dropout: float = 0.0,
    ) -> None:
        sizes = [prod(input_shape), *hidden]
        blocks = [
            nn.Sequential(
                nn.Linear(before, after),
                make_norm(norm, after),
                make_activation(activation),
                nn.Dropout(dropout),
            )
            for before, after in pairwise(sizes)
        ]
        super().__init__(nn.Flatten(), *blocks, nn.Linear(sizes[-1], num_outputs))
