"""Recurrent network, for sequences and for images read row by row."""

from typing import Literal

from torch import Tensor, nn

from kindling.error import ConfigError
from kindling.model.layer import make_norm, require_axes


class LSTM(nn.Module):
    """LSTM layers, one vector for the whole sequence, norm, dropout, then a linear head.

    Takes sequences (batch, time, features) or images (batch, channels, height, width), whose rows
    are the steps. Forget gates start open (bias 1), so that a gradient reaches the first step
    (Jozefowicz et al., An Empirical Exploration of Recurrent Network Architectures, 2015).
    """

    def __init__(
        self,
        input_shape: tuple[int, ...],
        num_outputs: int,
        hidden: int,
        layers: int = 1,
        bidirectional: bool = False,
        pooling: Literal["last", "mean"] = "last",
        norm: str = "none",
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        require_axes(input_shape)
        if pooling not in ("last", "mean"):
            raise ConfigError(f"model.pooling: expected one of last, mean; got {pooling}")
        features = input_shape[-1] if len(input_shape) == 2 else input_shape[0] * input_shape[2]
        between = dropout if layers > 1 else 0.0  # torch warns where there is no between
        self.lstm = nn.LSTM(
            features, hidden, layers, batch_first=True, dropout=between, bidirectional=bidirectional
        )
        for name, bias in self.lstm.named_parameters():
            if name.startswith("bias_ih"):
                nn.init.ones_(bias.data[hidden : 2 * hidden])
        size = hidden * (1 + bidirectional)
        self.pooling = pooling
        self.norm = make_norm(norm, size)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(size, num_outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Raw outputs (batch, num_outputs)."""
        if x.ndim == 4:
            x = x.transpose(1, 2).flatten(2)  # (batch, height, channels * width)
        steps, (last, _) = self.lstm(x)  # (batch, time, size), (layers * directions, batch, hidden)
        if self.pooling == "mean":
            summary = steps.mean(1)
        else:  # where each direction ends
            directions = 2 if self.lstm.bidirectional else 1
            summary = last[-directions:].transpose(0, 1).flatten(1)  # (batch, size)
        output: Tensor = self.head(self.dropout(self.norm(summary)))
        return output
