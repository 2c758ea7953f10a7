"""Logistic or linear regression as a network."""

from math import prod

from torch import nn


class Linear(nn.Sequential):
    """Flattens any input into one linear layer."""

    def __init__(self, input_shape: tuple[int, ...], num_outputs: int, dropout: float = 0.0) -> None:
        super().__init__(nn.Flatten(), nn.Dropout(dropout), nn.Linear(prod(input_shape), num_outputs))
