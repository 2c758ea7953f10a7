"""Every optimizer, found by glob: its settings arrive, it learns, its state comes back, decay fits."""

import inspect
import io
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from hydra.utils import instantiate
from omegaconf import DictConfig, OmegaConf
from torch import Tensor, nn
from torch.nn import functional as F

from kindling.build import build
from kindling.optimizer.group import LayerRates, kernels, make_optimizer
from tests.conftest import CONF, QUIET

Fitted = Callable[..., tuple[Any, Any, Any]]
OPTIONS = sorted(path.stem for path in (CONF / "optimizer").glob("*.yaml"))
every = pytest.mark.parametrize("option", OPTIONS)
x, y = torch.randn(32, 1, 4, 4, generator=torch.Generator().manual_seed(0)), torch.arange(32) % 3


def settings(option: str) -> dict[str, Any]:
    loaded: Any = OmegaConf.to_container(OmegaConf.load(CONF / "optimizer" / f"{option}.yaml"))
    return loaded


def made(option: str, **changed: Any) -> partial[Any]:
    found: partial[Any] = instantiate({**settings(option), **changed}, _convert_="all")
    return found


def decays(option: str) -> bool:
    return "weight_decay" in inspect.signature(made(option)).parameters


@pytest.fixture
def net() -> nn.Module:
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(16, 3))


def train(net: nn.Module, optimizer: Any, steps: int) -> None:
    getattr(optimizer, "train", lambda: None)()

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        return loss

    for _ in range(steps):
        optimizer.step(closure)
    getattr(optimizer, "eval", lambda: None)()


@every
def test_each_setting_of_the_yaml_arrives(option: str, net: nn.Module) -> None:
    changed = {key: moved(value) for key, value in settings(option).items() if moved(value) != value}
    assert "lr" in changed
    groups = make_optimizer(made(option, **changed), net, LayerRates()).param_groups
    assert groups[0].get("weight_decay") == changed.get("weight_decay"), "the kernels' group"
    for key, value in changed.items():
        arrived = [plain(group[key]) for group in groups if key in group]
        spared = [0.0] if key == "weight_decay" else []  # biases and norms
        assert arrived, key
        assert all(found == value or found in spared for found in arrived), key


def moved(value: Any) -> Any:
    """Another value that is as good."""
    if isinstance(value, list):
        return [moved(one) for one in value]
    return value / 2 + 0.01 if isinstance(value, float) else value


def plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


@every
def test_fused_kernels_are_chosen_where_torch_has_them_for_all_devices(option: str) -> None:
    has = "fused" in inspect.signature(made(option).func).parameters
    assert settings(option).get("fused", False) == (has and option != "adagrad")  # its kernels lack MPS


@every
def test_the_loss_falls_on_digits(option: str, composed: Callable[..., DictConfig], tmp_path: Path) -> None:
    words = [f"optimizer={option}", "trainer.limit_train_batches=70", "data.batch_size=16"]
    data, module, trainer = build(composed(*QUIET, *words), tmp_path)
    inputs, targets = data.splits["train"][:200]
    before = module.task.loss(module(inputs), targets)

    trainer.fit(module, data)

    assert trainer.global_step == 70
    after = module.eval().task.loss(module(inputs), targets)
    assert after < 0.75 * before


@every
def test_the_state_comes_back_bit_for_bit(option: str, net: nn.Module) -> None:
    optimizer = make_optimizer(made(option), net, LayerRates())
    train(net, optimizer, 3)
    kept = io.BytesIO()
    torch.save(optimizer.state_dict(), kept)
    kept.seek(0)
    other = deepcopy(net)
    resumed = make_optimizer(made(option, lr=0.5), other, LayerRates())
    resumed.load_state_dict(torch.load(kept, weights_only=True))  # as Lightning does

    train(net, optimizer, 3)
    train(other, resumed, 3)

    for ours, theirs in zip(net.parameters(), other.parameters(), strict=True):
        assert torch.equal(ours, theirs)


@pytest.mark.parametrize("option", [option for option in OPTIONS if decays(option)])
def test_decay_reaches_kernels_only(option: str, net: nn.Module) -> None:
    optimizer = make_optimizer(made(option, lr=0.01, weight_decay=0.5), net, LayerRates())
    before = deepcopy(dict(net.named_parameters()))
    for parameter in net.parameters():
        parameter.grad = torch.zeros_like(parameter)
    getattr(optimizer, "train", lambda: None)()
    optimizer.step()
    reached = {id(parameter) for parameter in kernels(net)}
    for name, now in net.named_parameters():
        if id(now) in reached:
            assert now.norm() < before[name].norm(), name
        else:
            assert torch.equal(now, before[name]), name


@pytest.mark.parametrize("option", ["adam", "adamw", "nadam", "radam"])
def test_decay_is_coupled_in_adam_alone(option: str) -> None:
    weight = nn.Parameter(torch.full((2, 2), 4.0))
    optimizer = made(option, lr=0.01, weight_decay=0.5)([weight])
    weight.grad = torch.zeros_like(weight)
    optimizer.step()
    shrunk = 4.0 - 0.01 if option == "adam" else 4.0 * (1 - 0.01 * 0.5)
    torch.testing.assert_close(weight.data, torch.full((2, 2), shrunk))


def test_lbfgs_takes_no_weight_decay_and_says_so(mistakes: Callable[..., str]) -> None:
    told = mistakes("optimizer=lbfgs", "regularizer=[weight_decay]")
    expected = (
        "regularizer=[weight_decay]: sets optimizer.weight_decay, but optimizer=lbfgs has no such setting"
    )
    assert told == f"{expected}; leave it out"


def test_a_checkpoint_of_schedule_free_holds_the_average(fitted: Fitted) -> None:
    pytest.importorskip("schedulefree")
    _, module, trainer = fitted("optimizer=schedule_free", "trainer.limit_train_batches=5")
    kept = torch.load(trainer.checkpoint_callbacks[-1].best, weights_only=True)
    assert not kept["optimizer_states"][0]["param_groups"][0]["train_mode"]
    (optimizer,) = trainer.optimizers
    optimizer.eval()
    weights = dict(module.net.named_parameters())
    assert all(torch.equal(kept["state_dict"][f"net.{name}"], weight) for name, weight in weights.items())
    optimizer.train()
    assert any(not torch.allclose(kept["state_dict"][f"net.{name}"], weights[name]) for name in weights)
