"""Weight decay reaches kernels and nothing else."""

import torch
from torch import nn

from kindling.optimizer.group import decay_groups, kernels


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
