"""Each regularizer does what it is for: shown by what it changes in a training."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from tests.conftest import CONF

Fitted = Callable[..., tuple[Any, Any, Any]]
WORDS = ["data=wine", "model=mlp", "debug=limit"]
OPTIONS = sorted(path.stem for path in (CONF / "regularizer").glob("*.yaml"))


def weights(net: nn.Module) -> Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in net.parameters()])


def kernel_size(net: nn.Module, power: int) -> float:
    return sum(float(p.detach().abs().pow(power).sum()) for p in net.parameters() if p.ndim > 1)


@pytest.mark.parametrize("option", OPTIONS)
def test_it_changes_the_weights_that_a_training_ends_with(option: str, fitted: Fitted) -> None:
    low = ["trainer.gradient_clip_val=0.01"] if option == "grad_clip" else []  # below what this network has
    _, without, _ = fitted(*WORDS, "optimizer=sgd")
    _, with_it, _ = fitted(*WORDS, "optimizer=sgd", f"regularizer=[{option}]", *low)
    first, second = weights(without.net), weights(with_it.net)
    assert first.shape != second.shape or not torch.allclose(first, second, rtol=1e-5)


@pytest.mark.parametrize(
    ("option", "setting", "power"),
    [("l1", "penalties.l1.strength=0.01", 1), ("l2", "penalties.l2.strength=0.1", 2),
     ("elastic_net", "penalties.elastic_net.l1=0.01", 1), ("weight_decay", "optimizer.weight_decay=1.0", 2)],
)  # fmt: skip
def test_a_penalty_makes_kernels_smaller(option: str, setting: str, power: int, fitted: Fitted) -> None:
    _, without, _ = fitted(*WORDS, "optimizer=sgd")
    _, with_it, _ = fitted(*WORDS, "optimizer=sgd", f"regularizer=[{option}]", setting)
    assert kernel_size(with_it.net, power) < 0.95 * kernel_size(without.net, power)


def test_clipping_caps_the_norm_of_the_gradient(fitted: Fitted) -> None:
    plain = ["debug=one_batch", "optimizer=sgd", "optimizer.momentum=0", "optimizer.nesterov=false"]
    _, start, _ = fitted(*plain, "optimizer.lr=0")
    _, end, _ = fitted(*plain, "optimizer.lr=1", "regularizer=[grad_clip]", "trainer.gradient_clip_val=1e-3")
    step = weights(end.net) - weights(start.net)
    assert step.norm() == pytest.approx(1e-3, rel=1e-2)


def test_dropout_and_batch_norm_reach_every_network(fitted: Fitted) -> None:
    for model in ("mlp", "cnn", "lstm"):
        _, module, _ = fitted(f"model={model}", "regularizer=[dropout,batch_norm]")
        kinds = list(module.net.modules())
        assert any(isinstance(part, nn.Dropout) and part.p == 0.2 for part in kinds)
        assert any(isinstance(part, nn.BatchNorm1d | nn.BatchNorm2d) for part in kinds)


def test_the_average_of_the_weights_is_what_is_kept(fitted: Fitted) -> None:
    one_step = ["debug=one_batch", "optimizer=sgd", "monitor.metric=train/loss"]
    _, first, _ = fitted(*one_step, "trainer.max_epochs=1")
    _, second, _ = fitted(*one_step, "trainer.max_epochs=2")
    *_, trainer = fitted(*one_step, "trainer.max_epochs=2", "regularizer=[ema]", "callback.ema.decay=0.25")
    kept = torch.load(f"{trainer.checkpoint_callback.dirpath}/last.ckpt", weights_only=True)["state_dict"]
    for name, weight in second.net.named_parameters():
        expected = 0.25 * first.net.get_parameter(name) + 0.75 * weight
        torch.testing.assert_close(kept[f"net.{name}"], expected)
