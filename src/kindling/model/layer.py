"""What every network is made of: activations and norms by name."""

from torch import nn

from kindling.data.spec import describe_shape
from kindling.error import ConfigError, UnsuitableError

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}
NORMS = ("none", "batch", "layer")


def require_axes(input_shape: tuple[int, ...]) -> None:
    """Refuse rows of a table, which have no neighbours and no order; raises UnsuitableError."""
    if len(input_shape) not in (2, 3):
        raise UnsuitableError(needs="images or sequences", has=describe_shape(input_shape))


def make_activation(name: str) -> nn.Module:
    """The activation of that name."""
    if name not in ACTIVATIONS:
        raise ConfigError(f"model.activation: expected one of {', '.join(ACTIVATIONS)}; got {name}")
    return ACTIVATIONS[name]()


def make_norm(name: str, features: int, dimensions: int = 0) -> nn.Module:
    """Normalisation of (batch, features) or, with dimensions 1 or 2, of (batch, channels, …)."""
    if name not in NORMS:
        raise ConfigError(f"model.norm: expected one of {', '.join(NORMS)}; got {name}")
    if name == "none":
        return nn.Identity()
    if name == "batch":
        return nn.BatchNorm2d(features) if dimensions == 2 else nn.BatchNorm1d(features)
    return nn.GroupNorm(1, features) if dimensions else nn.LayerNorm(features)
