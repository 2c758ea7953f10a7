"""The noise has the variance it says, fades, and is the same for the same step."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from kindling.error import ConfigError
from kindling.regularizer.gradient_noise import GradientNoise
from tests.regularizer.conftest import Traced


def noise(step: int, seed: int = 0, eta: float = 0.3) -> Tensor:
    """What is added to a gradient of one million and a thousand numbers."""
    module: Any = SimpleNamespace(net=nn.Linear(1000, 1000), device=torch.device("cpu"))
    trainer: Any = SimpleNamespace(global_step=step)
    for parameter in module.net.parameters():
        parameter.grad = torch.full_like(parameter, 2.0)
    optimizer: Any = None
    GradientNoise(eta, seed).on_before_optimizer_step(trainer, module, optimizer)
    return torch.cat([parameter.grad.flatten() - 2 for parameter in module.net.parameters()])


@pytest.mark.parametrize("step", [0, 1, 99])
def test_its_variance_falls_with_the_step(step: int) -> None:
    drawn = noise(step)
    assert drawn.var().item() == pytest.approx(0.3 / (1 + step) ** 0.55, rel=0.01)
    assert drawn.mean().item() == pytest.approx(0, abs=0.005)


def test_it_depends_on_seed_and_step_alone() -> None:
    first = noise(3)
    torch.manual_seed(99)
    assert torch.equal(noise(3), first)
    for other in (noise(4), noise(3, seed=1)):
        likeness = torch.nn.functional.cosine_similarity(first, other, dim=0)
        assert abs(likeness) < 0.01


def test_it_is_clipped_with_the_gradient(traced: Traced) -> None:
    plain = ["optimizer.lr=1", "optimizer.momentum=0", "optimizer.nesterov=false"]
    loud = ["regularizer=[gradient_noise,grad_clip]", "callback.gradient_noise.eta=1"]
    _, _, steps = traced(*plain, *loud, "trainer.gradient_clip_val=1e-2")
    moved = torch.cat([(steps[1][name] - steps[0][name]).flatten() for name in steps[0]])
    assert moved.norm().item() == pytest.approx(1e-2, rel=1e-2)


def test_no_variance_is_no_noise(traced: Traced) -> None:
    _, _, quiet = traced("regularizer=[gradient_noise]", "callback.gradient_noise.eta=0")
    _, _, without = traced()
    assert all(torch.equal(quiet[-1][name], without[-1][name]) for name in without[-1])


def test_a_line_search_is_refused(fitted: Callable[..., Any]) -> None:
    with pytest.raises(ConfigError, match=r"regularizer=\[gradient_noise\]: expected another optimizer"):
        fitted("data=wine", "optimizer=lbfgs", "regularizer=[gradient_noise]")
