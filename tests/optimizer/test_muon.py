"""Matrices follow Muon's formula, all else AdamW's; groups, state and closure are as torch's."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from kindling.optimizer.group import decay_groups
from kindling.optimizer.muon import Muon

RATE, DECAY = 0.01, 0.1


def orthogonalised(momentum: Tensor) -> Tensor:
    """Five steps of Newton and Schulz, whose polynomial draws all singular values to about 1."""
    x = momentum / momentum.norm()
    for _ in range(5):
        gram = x @ x.T
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x


def muons(weight: Tensor, gradients: list[Tensor]) -> Tensor:
    momentum = torch.zeros_like(weight)
    for gradient in gradients:
        momentum = 0.95 * momentum + 0.05 * gradient
        ahead = 0.95 * momentum + 0.05 * gradient
        size = 0.2 * max(weight.shape) ** 0.5
        weight = (1 - RATE * DECAY) * weight - RATE * size * orthogonalised(ahead)
    return weight


def adamws(weight: Tensor, gradients: list[Tensor], decay: float) -> Tensor:
    mean, square = torch.zeros_like(weight), torch.zeros_like(weight)
    for step, gradient in enumerate(gradients, start=1):
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        scaled = (mean / (1 - 0.9**step)) / ((square / (1 - 0.999**step)).sqrt() + 1e-8)
        weight = (1 - RATE * decay) * weight - RATE * scaled
    return weight


def stepped(optimizer: Any, parameters: list[nn.Parameter], gradients: list[list[Tensor]]) -> None:
    for now in gradients:
        for parameter, gradient in zip(parameters, now, strict=True):
            parameter.grad = gradient.clone()
        optimizer.step()


def drawn(parameters: list[nn.Parameter], steps: int) -> list[list[Tensor]]:
    return [[torch.randn_like(parameter) for parameter in parameters] for _ in range(steps)]


@pytest.fixture
def net() -> nn.Module:
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(8, 5))


def test_five_steps_follow_the_formulas(net: nn.Module) -> None:
    parameters = list(net.parameters())
    before = [parameter.detach().clone() for parameter in parameters]
    gradients = drawn(parameters, 5)
    stepped(Muon(decay_groups(parameters), lr=RATE, weight_decay=DECAY), parameters, gradients)
    for index, (start, now) in enumerate(zip(before, parameters, strict=True)):
        own = [step[index] for step in gradients]
        if now.ndim == 2:  # torch orthogonalises in bfloat16
            torch.testing.assert_close(now.data, muons(start, own), rtol=0, atol=0.03 * RATE)
        else:
            decay = DECAY if now.ndim > 1 else 0.0
            torch.testing.assert_close(now.data, adamws(start, own, decay))


@pytest.mark.parametrize("shapes", [[(4, 3)], [(4,), (2, 1, 3, 3)]], ids=["matrices", "no matrix"])
def test_a_net_of_one_kind_needs_no_other(shapes: list[tuple[int, ...]]) -> None:
    parameters = [nn.Parameter(torch.zeros(shape)) for shape in shapes]
    optimizer = Muon(parameters, lr=RATE)
    stepped(optimizer, parameters, drawn(parameters, 2))
    assert all(parameter.abs().sum() > 0 for parameter in parameters)
    assert all(group["params"] for group in optimizer.param_groups)


def test_a_rate_set_from_outside_holds_for_both(net: nn.Module) -> None:
    parameters = list(net.parameters())
    optimizer = Muon(decay_groups(parameters), lr=RATE)
    for group in optimizer.param_groups:
        group["lr"] = 0.0
    before = [parameter.detach().clone() for parameter in parameters]
    stepped(optimizer, parameters, drawn(parameters, 1))
    assert all(torch.equal(start, now) for start, now in zip(before, parameters, strict=True))


def test_a_group_keeps_its_own_settings_and_one_added_later_is_divided() -> None:
    first, second, bias = (nn.Parameter(torch.zeros(shape)) for shape in [(2, 2), (3, 3), (3,)])
    optimizer = Muon([{"params": [first], "lr": 0.5, "height": 1}], lr=RATE)
    optimizer.add_param_group({"params": [second, bias], "weight_decay": 0.0})
    assert [group["lr"] for group in optimizer.param_groups] == [0.5, RATE, RATE]
    assert optimizer.param_groups[0]["height"] == 1
    stepped(optimizer, [first, second, bias], drawn([first, second, bias], 1))
    assert all(parameter.abs().sum() > 0 for parameter in (first, second, bias))


def test_closure_and_zero_grad_are_as_torchs(net: nn.Module) -> None:
    optimizer = Muon(net.parameters(), lr=RATE)

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss: Tensor = net(torch.ones(4, 1, 4, 4)).square().mean()
        loss.backward()
        return loss

    first = optimizer.step(closure)
    assert optimizer.step(closure) < first
    optimizer.zero_grad()
    assert all(parameter.grad is None for parameter in net.parameters())
