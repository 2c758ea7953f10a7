"""The examples of networks that a user copies into the project."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest
import torch
from omegaconf import OmegaConf
from torch import nn

OWN = Path(__file__).parents[1] / "own"
EXAMPLES = ("two_branches", "subclass")


def build(name: str, shape: tuple[int, ...], **other: Any) -> nn.Module:
    """The network as conf describes it, from the file that lies on the same path."""
    spec = importlib.util.spec_from_file_location(name, OWN / f"src/kindling/model/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    settings: Any = OmegaConf.to_container(OmegaConf.load(OWN / f"conf/model/{name}.yaml"))
    target, partial = settings.pop("_target_"), settings.pop("_partial_")
    path, _, kind = target.rpartition(".")
    assert (path, partial) == (f"kindling.model.{name}", True)
    net: nn.Module = getattr(module, kind)(shape, 4, **{**settings, **other})
    return net


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("shape", [(5,), (7, 3), (1, 6, 6)])
def test_an_example_takes_any_input(name: str, shape: tuple[int, ...]) -> None:
    assert build(name, shape)(torch.randn(3, *shape)).shape == (3, 4)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_weight_receives_a_gradient(name: str) -> None:
    net = build(name, (5,))
    net(torch.randn(8, 5)).square().sum().backward()
    gradients = {key: weight.grad for key, weight in net.named_parameters()}
    assert [key for key, gradient in gradients.items() if gradient is None or not gradient.any()] == []


@pytest.mark.parametrize("branch", ["wide", "deep"])
def test_each_branch_alone_decides_something(branch: str) -> None:
    net, x = build("two_branches", (5,)).eval(), torch.randn(8, 5)
    before = net(x)
    for weight in net.get_submodule(branch).parameters():
        nn.init.zeros_(weight)
    assert not torch.allclose(net(x), before)


@pytest.mark.parametrize("name", EXAMPLES)
def test_dropout_acts_in_training_alone(name: str) -> None:
    net, x = build(name, (5,), dropout=0.5), torch.randn(8, 5)
    assert not torch.equal(net(x), net(x))
    net.eval()
    assert torch.equal(net(x), net(x))


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_output_layer_is_registered_last(name: str) -> None:
    assert list(build(name, (5,)).named_children())[-1][0] == "head"


@pytest.mark.parametrize("path", sorted(OWN.glob("*/**/model/*.*")), ids=lambda path: path.name)
def test_an_example_is_short_and_begins_with_what_it_is(path: Path) -> None:
    if path.suffix in (".py", ".yaml"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 45
        assert lines[0].strip('"')[-1] == "."
