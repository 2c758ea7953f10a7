"""Convolutional network, for images and for sequences."""

from math import prod
from typing import Any, Literal

from torch import Tensor, nn

from kindling.model.dropout import Dropout
from kindling.model.layer import Activation, Norm, make_activation, make_norm, per_layer, require_axes
from kindling.model.residual import Residual, depth_rates

CONVOLUTIONS: dict[int, Any] = {1: nn.Conv1d, 2: nn.Conv2d}  # by the number of sides
PADDINGS: dict[int, Any] = {1: nn.ZeroPad1d, 2: nn.ZeroPad2d}
Pooling = Literal["max", "average", "none"]
POOLINGS: dict[Pooling, dict[int, Any]] = {
    "max": {1: nn.MaxPool1d, 2: nn.MaxPool2d},
    "average": {1: nn.AvgPool1d, 2: nn.AvgPool2d},
    "none": {},
}


def pooled(pooling: Pooling, sides: list[int]) -> tuple[int, ...]:
    """The window that halves each side that is 2 or more."""
    return tuple(1 if pooling == "none" else min(2, side) for side in sides)


def make_pooling(pooling: Pooling, window: tuple[int, ...]) -> nn.Module:
    """Pooling over windows that don't overlap."""
    kinds = POOLINGS[pooling]
    made: nn.Module = kinds[len(window)](window) if kinds else nn.Identity()
    return made


def make_convolution(before: int, after: int, kernel: int, dimensions: int, bias: bool) -> list[nn.Module]:
    """A convolution that keeps the sides, whatever the kernel's."""
    convolution = CONVOLUTIONS[dimensions]
    if kernel % 2:
        return [convolution(before, after, kernel, padding="same", bias=bias)]
    sides = (kernel // 2 - 1, kernel // 2) * dimensions  # as "same" has it, which torch warns about here
    return [PADDINGS[dimensions](sides), convolution(before, after, kernel, bias=bias)]


def make_shortcut(before: int, after: int, pooling: Pooling, window: tuple[int, ...]) -> nn.Module:
    """What brings a block's input to the shape of its output."""
    layers: list[nn.Module] = [] if prod(window) == 1 else [make_pooling(pooling, window)]
    if before != after:
        layers.append(CONVOLUTIONS[len(window)](before, after, 1, bias=False))
    return nn.Sequential(*layers) if layers else nn.Identity()


def make_block(
    before: int,
    after: int,
    window: tuple[int, ...],
    *,
    convolutions: int,
    kernel: int,
    pooling: Pooling,
    activation: Activation,
    norm: Norm,
    dropout: float,
) -> nn.Sequential:
    """Convolution and norm, as often as told with activations between, then pooling, activation, dropout."""
    layers: list[nn.Module] = []
    for place in range(convolutions):
        if place:
            layers.append(make_activation(activation))
        # batch norm takes a bias away again
        layers += make_convolution(after if place else before, after, kernel, len(window), norm != "batch")
        layers.append(make_norm(norm, after, len(window)))
    ending = make_pooling(pooling, window), make_activation(activation), Dropout(dropout)
    return nn.Sequential(*layers, *ending)


def settings_by_block(told: dict[str, Any], blocks: int) -> list[dict[str, Any]]:
    """From settings that are one for all or a list, to each block's settings; raises ConfigError."""
    lists = {name: per_layer(name, value, blocks) for name, value in told.items()}
    return [{name: values[block] for name, values in lists.items()} for block in range(blocks)]


class CNN(nn.Module):
    """One block (convolution, norm, pooling, activation, dropout) per entry of `channels`, then a head.

    Takes images (batch, channels, height, width) or sequences (batch, time, features). Pooling
    halves each side that is 2 or more. It stands before the activation: for one that never falls
    the maximum is the same, and there are a quarter of the values left to look at.

    `convolutions`, `kernel`, `pooling`, `norm` and `dropout` are one for all blocks or a list with
    one a block. With `residual` each block is added to its input, pooled and projected to its shape.
    The head sees all of the last map, or with `summary: mean` each channel's mean.
    """

    samples = ("image", "sequence")  # what it reads, told before anything is imported

    def __init__(
        self,
        input_shape: tuple[int, ...],
        num_outputs: int,
        channels: list[int],
        convolutions: int | list[int] = 1,
        kernel: int | list[int] = 3,
        pooling: Pooling | list[Pooling] = "max",
        summary: Literal["flatten", "mean"] = "flatten",
        activation: Activation = "relu",
        norm: Norm | list[Norm] = "none",
        dropout: float | list[float] = 0.0,
        residual: bool = False,
        stochastic_depth: float = 0.0,
    ) -> None:
        super().__init__()
        require_axes(input_shape)
        rates = depth_rates(stochastic_depth, residual, len(channels))
        told = {"kernel": kernel, "convolutions": convolutions, "norm": norm, "dropout": dropout}
        blocks = settings_by_block({**told, "pooling": pooling}, len(channels))

        self.images, self.summary = len(input_shape) == 3, summary
        before, *sides = input_shape if self.images else reversed(input_shape)
        self.blocks = nn.Sequential()
        for after, settings, rate in zip(channels, blocks, rates, strict=True):
            window = pooled(settings["pooling"], sides)
            block: nn.Module = make_block(before, after, window, activation=activation, **settings)
            if residual:
                block = Residual(block, make_shortcut(before, after, settings["pooling"], window), rate)
            self.blocks.append(block)
            before, sides = after, [side // step for side, step in zip(sides, window, strict=True)]
        self.head = nn.Linear(before * (1 if summary == "mean" else prod(sides)), num_outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Raw outputs (batch, num_outputs)."""
        # images keep their axes, sequences become (batch, features, time)
        x = self.blocks(x if self.images else x.transpose(1, 2))  # (batch, channels, …)
        x = x.mean(tuple(range(2, x.ndim))) if self.summary == "mean" else x.flatten(1)
        output: Tensor = self.head(x)
        return output
