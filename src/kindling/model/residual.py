"""Skip connections (He et al., arXiv 1512.03385) and stochastic depth (Huang et al., arXiv 1603.09382)."""

from torch import Tensor, nn

from kindling.error import ConfigError


class StochasticDepth(nn.Module):
    """Zeroes whole samples at random in training, and scales the others so that evaluation needs nothing."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        """Any shape that begins with the batch."""
        if not self.training or not self.rate:
            return x
        kept = x.new_empty(len(x), *[1] * (x.ndim - 1)).bernoulli_(1 - self.rate)  # (batch, 1, …)
        return x * (kept / (1 - self.rate))

    def extra_repr(self) -> str:
        """The rate, where a network is printed."""
        return f"rate={self.rate:g}"


class Residual(nn.Module):
    """Adds what a shortcut makes of the input to what a block makes of it; `rate` drops the block."""

    def __init__(self, block: nn.Module, shortcut: nn.Module, rate: float = 0.0) -> None:
        super().__init__()
        self.shortcut = shortcut
        self.block = block
        self.drop = StochasticDepth(rate)

    def forward(self, x: Tensor) -> Tensor:
        """The shape that block and shortcut agree on."""
        output: Tensor = self.shortcut(x) + self.drop(self.block(x))
        return output


def depth_rates(deepest: float, residual: bool, blocks: int) -> list[float]:
    """How often each block is dropped: a share that rises linearly up to the deepest; raises ConfigError."""
    if deepest and not residual:
        raise ConfigError("model.stochastic_depth: needs skip connections; add model.residual=true")
    return [deepest * (block + 1) / blocks for block in range(blocks)]
