"""Recurrent network, for sequences and for images read row by row."""

from typing import Literal

from torch import Tensor, nn

from kindling.model.dropout import Dropout
from kindling.model.layer import Norm, make_norm, require_axes


def open_forget_gates(lstm: nn.RNNBase) -> None:
    """Set their biases to 1; torch's order of the gates is input, forget, cell, output."""
    for name, bias in lstm.named_parameters():
        if name.startswith("bias_ih"):
            nn.init.ones_(bias.data[lstm.hidden_size : 2 * lstm.hidden_size])


class LSTM(nn.Module):
    """LSTM or GRU layers, one vector for the whole sequence, norm, dropout, then a linear head.

    Takes sequences (batch, time, features) or images (batch, channels, height, width), whose rows
    are the steps. An LSTM's forget gates start open (bias 1), so that a gradient reaches the first
    step (Jozefowicz et al., An Empirical Exploration of Recurrent Network Architectures, 2015).
    A GRU has fewer gates and no cell beside its state (Cho et al., arXiv 1406.1078).
    """

    samples = ("image", "sequence")  # what it reads, told before anything is imported

    def __init__(
        self,
        input_shape: tuple[int, ...],
        num_outputs: int,
        hidden: int,
        layers: int = 1,
        bidirectional: bool = False,
        pooling: Literal["last", "mean", "max"] = "last",
        norm: Norm = "none",
        dropout: float = 0.0,
        cell: Literal["lstm", "gru"] = "lstm",
    ) -> None:
        super().__init__()
        require_axes(input_shape)
        features = input_shape[-1] if len(input_shape) == 2 else input_shape[0] * input_shape[2]
        between = dropout if layers > 1 else 0.0  # torch warns where there is no between
        kind = nn.LSTM if cell == "lstm" else nn.GRU
        self.recurrent = kind(
            features, hidden, layers, batch_first=True, dropout=between, bidirectional=bidirectional
        )
        if cell == "lstm":
            open_forget_gates(self.recurrent)
        size = hidden * (1 + bidirectional)
        self.pooling = pooling
        self.norm = make_norm(norm, size)
        self.dropout = Dropout(dropout)
        self.head = nn.Linear(size, num_outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Raw outputs (batch, num_outputs)."""
        if x.ndim == 4:
            x = x.transpose(1, 2).flatten(2)  # (batch, height, channels * width)
        steps, state = self.recurrent(x)  # (batch, time, size), (layers * directions, batch, hidden)
        if self.pooling == "last":  # where each direction ends
            last = state if isinstance(state, Tensor) else state[0]  # an LSTM's cell comes second
            directions = 2 if self.recurrent.bidirectional else 1
            summary = last[-directions:].transpose(0, 1).flatten(1)  # (batch, size)
        else:
            summary = steps.mean(1) if self.pooling == "mean" else steps.amax(1)  # (batch, size)
        output: Tensor = self.head(self.dropout(self.norm(summary)))
        return output
