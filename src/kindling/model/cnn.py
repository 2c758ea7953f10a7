"""Convolutional network, for images and for sequences."""

from math import prod

import torch
from torch import Tensor, nn

from kindling.model.layer import make_activation, make_norm, require_axes


class CNN(nn.Module):
    """One block (convolution, norm, pooling, activation, dropout) per entry of `channels`, then a head.

    Takes images (batch, channels, height, width) or sequences (batch, time, features). Pooling
    halves each side that is 2 or more. It stands before the activation: for one that never falls
    the result is the same, and there are a quarter of the values left to look at.
    """

    def __init__(
        self,
        input_shape: tuple[int, ...],
        num_outputs: int,
        channels: list[int],
        kernel: int = 3,
        activation: str = "relu",
        norm: str = "none",
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        require_axes(input_shape)
        self.images = len(input_shape) == 3
        before, *sides = input_shape if self.images else reversed(input_shape)
        self.blocks = nn.Sequential()
        for after in channels:
            window = tuple(min(2, side) for side in sides)
            self.blocks.append(
                nn.Sequential(
                    (nn.Conv2d if self.images else nn.Conv1d)(before, after, kernel, padding="same"),
                    make_norm(norm, after, len(sides)),
                    (nn.MaxPool2d if self.images else nn.MaxPool1d)(window),
                    make_activation(activation),
                    nn.Dropout(dropout),
                )
            )
            before, sides = after, [side // step for side, step in zip(sides, window, strict=True)]
        self.head = nn.Linear(before * prod(sides), num_outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Raw outputs (batch, num_outputs)."""
        # images keep their axes, sequences become (batch, features, time)
        x = x.contiguous(memory_format=torch.channels_last) if self.images else x.transpose(1, 2)
        output: Tensor = self.head(self.blocks(x).flatten(1))
        return output
