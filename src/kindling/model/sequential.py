"""A network written as a list of torch's layers."""

import inspect
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from kindling.error import ConfigError, one_line, suggest
from kindling.model.dropout import Dropout
from kindling.model.step import STEP_LAYERS

# Where in (batch, …) a layer finds the size of its input. torch's lazy modules would find fewer.
NEVER_TYPED = {"in_features": -1, "in_channels": 1, "input_size": -1, "d_model": -1}
TYPED_OR_FOUND = {"num_features": 1, "num_channels": 1, "normalized_shape": -1}
NO_LAYERS = ("container", "loss", "module")  # files of torch.nn.modules


def known_layers() -> dict[str, type[nn.Module]]:
    """The layers of torch.nn by name, and ours."""
    kinds = {name: kind for name, kind in vars(nn).items() if inspect.isclass(kind)}
    torchs = {
        name: kind
        for name, kind in kinds.items()
        if issubclass(kind, nn.Module)
        and kind.__module__.rpartition(".")[2] not in NO_LAYERS
        and not name.startswith("Lazy")
        and "Softmax" not in name
    }
    return {**torchs, "Dropout": Dropout, **STEP_LAYERS}


def by_name(layers: Any) -> Iterator[tuple[str, Any, Any]]:
    """Where each layer stands, its name and its arguments; raises ConfigError."""
    for place, one in enumerate(layers if isinstance(layers, list) else [layers]):
        where = f"model.layers[{place}]"
        if isinstance(one, dict) and len(one) == 1:
            yield where, *next(iter(one.items()))
        elif isinstance(one, str):
            yield where, one, None
        else:
            raise ConfigError(f"{where}: expected a layer such as ReLU or {{Linear: 128}}, got {one}")


def find_kind(where: str, name: Any) -> type[nn.Module]:
    """The layer of that name; raises ConfigError."""
    known = known_layers()
    if "softmax" in str(name).lower():
        raise ConfigError(f"{where}: {name}: the task makes probabilities of raw outputs; leave it out")
    if name not in known:
        near = suggest(str(name), list(known)) or "; see the list of torch.nn"
        raise ConfigError(f"{where}: expected a layer of torch.nn, Last, Mean or Transpose, got {name}{near}")
    return known[name]


def require_batch(kind: type[nn.Module], axes: int) -> None:
    """Refuse what torch would take for a single sample, its rows for something else; raises ValueError."""
    name, parameters = kind.__name__, inspect.signature(kind).parameters
    needed = axes
    if name in STEP_LAYERS or "d_model" in parameters:
        needed = 3
    elif name[-1] == "d" and name[-2].isdigit():  # Conv2d, MaxPool2d and so on
        needed = int(name[-2]) + 2
    if axes != needed and not (name == "BatchNorm1d" and axes == 2):
        raise ValueError(f"expected {needed} axes with the batch, got {axes}")


def require_rows(output: Any, rows: int) -> None:
    """Refuse what is no longer a row of numbers for each sample; raises ValueError."""
    if not isinstance(output, Tensor):
        raise ValueError(f"expected a layer that gives one tensor, got {type(output).__name__}")
    if output.ndim < 2 or len(output) != rows or not output.numel():
        raise ValueError(f"expected a row for each of {rows} samples, got {tuple(output.shape)}")


def make_layer(kind: type[nn.Module], told: Any, shape: tuple[int, ...]) -> nn.Module:
    """A layer with its arguments, and with what its input's shape says; raises what torch does."""
    named = told if isinstance(told, dict) else {}
    unnamed = () if told is None or named is told else told if isinstance(told, list) else (told,)
    signature = inspect.signature(kind)
    first = next(iter(signature.parameters), "")
    if first in NEVER_TYPED and first not in named:
        unnamed = (shape[NEVER_TYPED[first]], *unnamed)
    bound = signature.bind_partial(*unnamed, **named)
    for name, parameter in signature.parameters.items():
        value = bound.arguments.get(name)
        if name in TYPED_OR_FOUND and value is None:
            bound.arguments[name] = shape[TYPED_OR_FOUND[name]]
        elif name == "batch_first":
            bound.arguments[name] = True
        elif isinstance(value, list):  # a size must be a tuple, which YAML doesn't have
            bound.arguments[name] = tuple(value)
        elif isinstance(parameter.default, bool) and value is not None and not isinstance(value, bool):
            raise ValueError(f"{name}: expected true or false, got {value}")
    return kind(*bound.args, **bound.kwargs)


def add_layer(net: nn.Sequential, where: str, name: Any, told: Any, x: Tensor) -> Tensor:
    """Append a layer, and return what it makes of `x`; raises ConfigError."""
    kind = find_kind(where, name)
    try:
        require_batch(kind, x.ndim)
        layer = make_layer(kind, told, tuple(x.shape))
        with torch.no_grad():
            output = layer.eval()(x)  # so that a norm's running means stay as they are
        require_rows(output, len(x))
    except Exception as error:  # torch raises many kinds, each over an argument or the shape
        shape = ", ".join(["batch", *map(str, x.shape[1:])])
        raise ConfigError(f"{where}: {name}, reached by ({shape}): {one_line(error)}") from error
    net.append(layer.train())
    return output  # type: ignore[no-any-return]


Layer = str | dict[str, Any]  # a name alone, or with its arguments


class Sequential(nn.Sequential):
    """Layers of torch.nn by name, in the order of the list, then as the last one a linear head.

    An entry is a name, a name with its main arguments, or a name with named ones. The size of its
    input is never typed: a try with zeros finds it. LSTM, GRU and RNN give their whole sequence,
    batch first. Sequences come as (batch, time, features), images as (batch, channels, height, width).
    """

    def __init__(self, input_shape: tuple[int, ...], num_outputs: int, layers: Layer | list[Layer]) -> None:
        super().__init__()
        x = torch.zeros(2, *input_shape)
        for where, name, told in by_name(layers):
            x = add_layer(self, where, name, told, x)
        if x.ndim > 2:
            self.append(nn.Flatten())
        self.append(nn.Linear(x[0].numel(), num_outputs))
