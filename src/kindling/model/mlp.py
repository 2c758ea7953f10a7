"""Fully connected network."""

from itertools import pairwise
from math import prod

from torch import nn

from kindling.model.dropout import Dropout
from kindling.model.layer import Activation, Norm, make_activation, make_norm, per_layer
from kindling.model.residual import Residual, depth_rates


class MLP(nn.Sequential):
    """Flattens any input, then one block (linear, norm, activation, dropout) per hidden size.

    `norm` and `dropout` are one for all blocks or a list with one a block. With `residual` each
    block is added to its input, projected where the sizes differ.
    """

    def __init__(
        self,
        input_shape: tuple[int, ...],
        num_outputs: int,
        hidden: list[int],
        activation: Activation = "relu",
        norm: Norm | list[Norm] = "none",
        dropout: float | list[float] = 0.0,
        residual: bool = False,
        stochastic_depth: float = 0.0,
    ) -> None:
        super().__init__(nn.Flatten())
        norms: list[Norm] = per_layer("norm", norm, len(hidden))
        dropouts = per_layer("dropout", dropout, len(hidden))
        rates = depth_rates(stochastic_depth, residual, len(hidden))
        sizes = [prod(input_shape), *hidden]
        for place, (before, after) in enumerate(pairwise(sizes)):
            block: nn.Module = nn.Sequential(
                nn.Linear(before, after),
                make_norm(norms[place], after),
                make_activation(activation),
                Dropout(dropouts[place]),
            )
            if residual:
                same = before == after
                shortcut = nn.Identity() if same else nn.Linear(before, after, bias=False)
                block = Residual(block, shortcut, rates[place])
            self.append(block)
        self.append(nn.Linear(sizes[-1], num_outputs))
