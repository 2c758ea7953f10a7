"""Weight decay reaches kernels and nothing else; each layer may learn at a rate of its own."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from kindling.error import ConfigError
from kindling.optimizer.group import (
    LayerRates,
    decay_groups,
    kernels,
    layers,
    make_optimizer,
    parameters,
)


def test_decay_shrinks_kernels_and_leaves_biases_and_norms() -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(2, 2))
    before = {name: parameter.clone() for name, parameter in net.named_parameters()}
    for parameter in net.parameters():
        parameter.grad = torch.zeros_like(parameter)
    torch.optim.SGD(decay_groups(net.parameters()), lr=0.1, weight_decay=0.5).step()
    for name, parameter in net.named_parameters():
        shrunk = 0.95 if parameter.ndim > 1 else 1.0
        torch.testing.assert_close(parameter.data, shrunk * before[name])


def test_every_parameter_is_in_one_group_and_frozen_ones_in_none() -> None:
    net = nn.Sequential(nn.Linear(2, 2), nn.LayerNorm(2))
    net[0].weight.requires_grad = False
    grouped = [parameter for group in decay_groups(net.parameters()) for parameter in group["params"]]
    assert len(grouped) == len({id(parameter) for parameter in grouped}) == 3
    assert kernels(net) == []


def rates(optimizer: torch.optim.Optimizer, net: nn.Module) -> list[float]:
    """The rate of each layer, from the input to the head."""
    of: dict[Tensor, float] = {p: group["lr"] for group in optimizer.param_groups for p in group["params"]}
    return [next(of[p] for p in parameters(layer)) for layer in layers(net)]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (LayerRates(decay=0.5), [0.025, 0.05, 0.1]),
        (LayerRates(body=0.01), [0.01, 0.01, 0.1]),
        (LayerRates(body=0.01, decay=0.1), [0.001, 0.01, 0.1]),
    ],
)
def test_each_layer_has_its_own_rate(chosen: LayerRates, expected: list[float]) -> None:
    net = nn.Sequential(nn.Linear(2, 2), nn.LayerNorm(2), nn.Linear(2, 2), nn.Linear(2, 2))
    optimizer = make_optimizer(
        lambda p, weight_decay=0.3: torch.optim.SGD(p, 0.1, weight_decay=weight_decay), net, chosen
    )
    assert rates(optimizer, net) == pytest.approx(expected)
    decayed = [p for group in optimizer.param_groups if group["weight_decay"] for p in group["params"]]
    assert {id(p) for p in decayed} == {id(p) for p in net.parameters() if p.ndim > 1}
    assert sum(len(group["params"]) for group in optimizer.param_groups) == 8


def test_an_optimizer_without_groups_gets_a_plain_list() -> None:
    net = nn.Sequential(nn.Linear(2, 2), nn.LayerNorm(2), nn.Linear(2, 2))
    optimizer = make_optimizer(torch.optim.LBFGS, net, LayerRates())
    assert len(optimizer.param_groups[0]["params"]) == 6
    with pytest.raises(ConfigError, match="optimizer: treats all layers alike"):
        make_optimizer(torch.optim.LBFGS, net, LayerRates(decay=0.5))


@pytest.mark.parametrize("word", ["body_learning_rate=-1.0", "layer_decay=0.0", "layer_decay=x"])
def test_rates_out_of_range_are_told(word: str, mistakes: Callable[..., str]) -> None:
    assert mistakes(word).startswith(f"{word.partition('=')[0]}: expected ")
