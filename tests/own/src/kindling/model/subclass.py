"""A network with a forward of its own, in which training differs from evaluation."""

from math import prod

from torch import Tensor, nn
from torch.nn import functional as F


class Subclass(nn.Module):
    """One hidden layer that looks twice at what it made; takes any input."""

    def __init__(
        self, input_shape: tuple[int, ...], num_outputs: int, hidden: int = 64, dropout: float = 0.2
    ) -> None:
        super().__init__()  # before all else, or torch can't register the layers
        self.first = nn.Linear(prod(input_shape), hidden)
        self.second = nn.Linear(hidden, hidden)
        self.head = nn.Linear(hidden, num_outputs)
        self.dropout = dropout

    def forward(self, x: Tensor) -> Tensor:
        """Raw outputs (batch, num_outputs)."""
        x = F.relu(self.first(x.flatten(1)))  # (batch, hidden)
        for _ in range(2):  # a layer that is called twice shares its weights
            x = x + F.relu(self.second(x))
        # `self.training` is what trainer and checkpoints switch: without it, dropout would never end
        x = F.dropout(x, self.dropout, self.training)
        output: Tensor = self.head(x)
        return output
