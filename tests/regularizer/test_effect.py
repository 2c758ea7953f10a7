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

LOW = {  # below what this network has
    "grad_clip": ["trainer.gradient_clip_val=0.01"],
    "max_norm": ["callback.max_norm.bound=0.5"],
}
ONE_STEP = ["data=wine", "model.norm=batch", "optimizer.lr=0.1"]
SGD = ["optimizer=sgd", "optimizer.momentum=0", "optimizer.nesterov=false", "optimizer.weight_decay=0"]
ADAMW = ["optimizer=adamw", "optimizer.weight_decay=0"]


def weights(net: nn.Module) -> Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in net.parameters()])


def kernel_size(net: nn.Module, power: int) -> float:
    return sum(float(p.detach().abs().pow(power).sum()) for p in net.parameters() if p.ndim > 1)


def near_zero(net: nn.Module) -> float:
    kernels = torch.cat([p.detach().flatten() for p in net.parameters() if p.ndim > 1])
    return float((kernels.abs() < 1e-3).float().mean())


@pytest.mark.parametrize("option", OPTIONS)
def test_it_changes_the_weights_that_a_training_ends_with(option: str, fitted: Fitted) -> None:
    data = ["data=digits"] if option == "cutmix" else []  # it needs images
    _, without, _ = fitted(*WORDS, "optimizer=sgd", *data)
    _, with_it, _ = fitted(*WORDS, "optimizer=sgd", *data, f"regularizer=[{option}]", *LOW.get(option, []))
    first, second = weights(without.net), weights(with_it.net)
    assert first.shape != second.shape or not torch.allclose(first, second, rtol=1e-5)


@pytest.mark.parametrize(
    ("optimizer", "words", "change"),
    [
        (SGD, ["[l1]", "penalties.l1.strength=0.01"], lambda w: -0.1 * 0.01 * w.sign()),
        (SGD, ["[l2]", "penalties.l2.strength=0.2"], lambda w: -0.1 * 2 * 0.2 * w),
        (SGD, ["[elastic_net]", "penalties.elastic_net.l1=0.01", "penalties.elastic_net.l2=0.2"],
         lambda w: -0.1 * (0.01 * w.sign() + 2 * 0.2 * w)),
        (SGD, ["[l1,l2]", "penalties.l1.strength=0.01", "penalties.l2.strength=0.2"],
         lambda w: -0.1 * (0.01 * w.sign() + 2 * 0.2 * w)),
        (SGD, ["[weight_decay]", "optimizer.weight_decay=0.4"], lambda w: -0.1 * 0.4 * w),
        (ADAMW, ["[weight_decay]", "optimizer.weight_decay=0.4"], lambda w: -0.1 * 0.4 * w),
    ],
    ids=["l1", "l2", "elastic_net", "l1 and l2", "weight_decay", "weight_decay in AdamW"],
)  # fmt: skip
def test_a_step_shrinks_kernels_as_computed_and_nothing_else(
    optimizer: list[str], words: list[str], change: Callable[[Tensor], Tensor], fitted: Fitted
) -> None:
    _, start, _ = fitted(*ONE_STEP, *optimizer, "optimizer.lr=0")
    _, without, _ = fitted(*ONE_STEP, *optimizer)
    _, with_it, _ = fitted(*ONE_STEP, *optimizer, f"regularizer={words[0]}", *words[1:])
    for name, weight in start.net.named_parameters():
        expected = change(weight) if weight.ndim > 1 else torch.zeros_like(weight)
        found = with_it.net.get_parameter(name) - without.net.get_parameter(name)
        torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("option", "setting", "power"),
    [("l1", "penalties.l1.strength=0.01", 1), ("l2", "penalties.l2.strength=0.1", 2),
     ("elastic_net", "penalties.elastic_net.l1=0.01", 1), ("weight_decay", "optimizer.weight_decay=1.0", 2)],
)  # fmt: skip
def test_a_penalty_makes_kernels_smaller(option: str, setting: str, power: int, fitted: Fitted) -> None:
    _, without, _ = fitted(*WORDS, "optimizer=sgd")
    _, with_it, _ = fitted(*WORDS, "optimizer=sgd", f"regularizer=[{option}]", setting)
    assert kernel_size(with_it.net, power) < 0.95 * kernel_size(without.net, power)


def test_l1_drives_small_weights_to_zero_where_l2_only_shrinks_them(fitted: Fitted) -> None:
    longer = ["data=diabetes", "trainer.max_epochs=10", "trainer.limit_train_batches=1.0"]
    none, l1, l2 = (
        near_zero(fitted(*longer, *words)[1].net)
        for words in ([], ["regularizer=[l1]", "penalties.l1.strength=0.01"], ["regularizer=[l2]"])
    )
    assert none < 0.02
    assert l2 < 0.1
    assert l1 > 0.3


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


def test_dropout_zeroes_its_share_in_training_and_none_in_evaluation(fitted: Fitted) -> None:
    _, module, _ = fitted(
        "data=wine",  # wine alone
        "model=mlp",
        "regularizer=[dropout]",
        "model.dropout=0.3",
    )
    (first, *_) = (part for part in module.net.modules() if isinstance(part, nn.Dropout))
    seen: list[tuple[Tensor, Tensor]] = []
    first.register_forward_hook(lambda _, inputs, output: seen.append((inputs[0], output)))
    x = torch.randn(2000, 13)
    for mode in (True, False):
        module.train(mode)
        module.net(x)
    (before, after), (untouched, evaluated) = seen
    dropped = (after == 0) & (before != 0)
    assert dropped.sum().item() / (before != 0).sum().item() == pytest.approx(0.3, abs=0.01)
    torch.testing.assert_close(after[~dropped], before[~dropped] / 0.7)
    assert torch.equal(evaluated, untouched)


def test_label_smoothing_equals_its_closed_form_in_training_alone(fitted: Fitted) -> None:
    data, module, _ = fitted("data=wine", "model=mlp", "regularizer=[label_smoothing]")
    inputs, labels = next(iter(data.train_dataloader()))
    logs = module(inputs).log_softmax(1)
    plain = -logs[torch.arange(len(labels)), labels].mean()
    module.train()
    expected = 0.9 * plain - 0.1 * logs.mean()
    torch.testing.assert_close(module.training_step((inputs, labels), 0), expected)
    module.eval()
    torch.testing.assert_close(module.task.loss(module(inputs), labels), plain)


@pytest.mark.parametrize(
    ("word", "setting"),
    [("l2", "penalties.l2.strength=much"), ("elastic_net", "penalties.elastic_net.l1=nan"),
     ("elastic_net", "penalties.elastic_net.l2=-1"), ("max_norm", "callback.max_norm.bound=0"),
     ("mixup", "mixers.mixup.alpha=inf"), ("cutmix", "mixers.cutmix.alpha=0"),
     ("gradient_noise", "callback.gradient_noise.eta=-1"), ("ema", "callback.ema.decay=1"),
     ("weight_averaging", "callback.weight_averaging.start=2")],
)  # fmt: skip
def test_a_wrong_strength_is_told_in_one_line(word: str, setting: str, mistakes: Callable[..., str]) -> None:
    key, _, value = setting.partition("=")
    told = mistakes(f"regularizer=[{word}]", setting)
    assert told.startswith(f"{key}: expected a number ")
    assert f", got {value}; write {key}=" in told
    assert "\n" not in told
