"""Layers over the steps of a sequence, which give one tensor each."""

from typing import Any

from torch import Tensor, nn


class Last(nn.Module):
    """The last of the steps."""

    def forward(self, x: Tensor) -> Tensor:
        """From (batch, time, features) to (batch, features)."""
        return x[:, -1]


class Mean(nn.Module):
    """The mean over the steps."""

    def forward(self, x: Tensor) -> Tensor:
        """From (batch, time, features) to (batch, features)."""
        return x.mean(1)


class Transpose(nn.Module):
    """Swaps steps and features, as Conv1d and the norms and poolings beside it want sequences."""

    def forward(self, x: Tensor) -> Tensor:
        """From (batch, time, features) to (batch, features, time), and back."""
        return x.transpose(1, 2)


class Recurrent(nn.Module):
    """A recurrent layer of torch's that gives its whole sequence, without the last state beside it."""

    kind: Any

    def __init__(self, input_size: int, *arguments: Any, **named: Any) -> None:
        super().__init__()
        self.recurrent = self.kind(input_size, *arguments, batch_first=True, **named)

    def forward(self, x: Tensor) -> Tensor:
        """From (batch, time, features) to (batch, time, size)."""
        output: Tensor = self.recurrent(x)[0]
        return output


class LSTM(Recurrent):
    """Long short-term memory."""

    kind = nn.LSTM


class GRU(Recurrent):
    """Gated recurrent units."""

    kind = nn.GRU


class RNN(Recurrent):
    """Plain recurrence."""

    kind = nn.RNN


STEP_LAYERS: dict[str, type[nn.Module]] = {
    "Last": Last,
    "Mean": Mean,
    "Transpose": Transpose,
    "LSTM": LSTM,
    "GRU": GRU,
    "RNN": RNN,
}
