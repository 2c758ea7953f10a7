"""What every network is made of: activations and norms by name, and settings that differ by layer."""

from typing import Any, Literal, TypeVar

import torch
from torch import nn

from kindling.data.spec import describe_shape
from kindling.error import ConfigError, UnsuitableError, one_line

Value = TypeVar("Value")
ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}
Norm = Literal["none", "batch", "layer"]
Activation = str | dict[str, dict[str, Any]]  # a name alone, or with its settings


def require_axes(input_shape: tuple[int, ...]) -> None:
    """Refuse rows of a table, which have no neighbours and no order; raises UnsuitableError."""
    if len(input_shape) not in (2, 3):
        raise UnsuitableError(needs="images or sequences", has=describe_shape(input_shape))


def per_layer(setting: str, value: Value | list[Value], layers: int) -> list[Value]:
    """One value for each layer, where one is told for all or a list; raises ConfigError."""
    if not isinstance(value, list | tuple):
        return [value] * layers
    if len(value) != layers:
        raise ConfigError(f"model.{setting}: expected one value, or {layers}, one a layer; got {value}")
    return list(value)


def make_activation(told: Activation) -> nn.Module:
    """The activation of that name, or of {name: {setting: value}}; raises ConfigError."""
    alone = isinstance(told, dict) and len(told) == 1
    name, settings = next(iter(told.items())) if isinstance(told, dict) and alone else (told, {})
    if name not in list(ACTIVATIONS):  # a mapping may hold any name, or several
        raise ConfigError(f"model.activation: expected one of {', '.join(ACTIVATIONS)}; got {name}")
    try:
        activation = ACTIVATIONS[str(name)](**settings)
        activation(torch.zeros(1))  # torch looks at some settings no earlier
    except (TypeError, ValueError, RuntimeError) as error:
        raise ConfigError(f"model.activation.{name}: {one_line(error)}") from error
    return activation


def make_norm(name: Norm, features: int, dimensions: int = 0) -> nn.Module:
    """Normalisation of (batch, features) or, with dimensions 1 or 2, of (batch, channels, …)."""
    if name == "none":
        return nn.Identity()
    if name == "batch":
        return nn.BatchNorm2d(features) if dimensions == 2 else nn.BatchNorm1d(features)
    return nn.GroupNorm(1, features) if dimensions else nn.LayerNorm(features)
