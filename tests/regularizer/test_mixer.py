"""Rows blend, and the loss with them: drawn from seed, epoch, batch and process alone."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from kindling.data.spec import DataSpec
from kindling.error import ConfigError
from kindling.regularizer.cutmix import CutMix
from kindling.regularizer.mixer import Blend, mix
from kindling.regularizer.mixup import Mixup

Fitted = Callable[..., tuple[Any, Any, Any]]
IMAGES = DataSpec((1, 8, 8), "class", 3)
PARTNER, SHARE = torch.tensor([2, 0, 3, 1]), 0.7
BOTH = "regularizer=[mixup,cutmix]"


def soft(labels: Tensor, classes: int, blend: Blend) -> Tensor:
    """Explicit soft labels (batch, classes)."""
    hard = F.one_hot(labels, classes).float()
    return blend.share * hard + (1 - blend.share) * hard[blend.partner]


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_the_loss_is_cross_entropy_on_soft_labels_that_sum_to_one(smoothing: float, fitted: Fitted) -> None:
    _, module, _ = fitted("data=wine", "model=mlp", f"task.label_smoothing={smoothing}")  # wine alone
    module.train()
    output, labels, blend = torch.randn(4, 3), torch.tensor([0, 2, 1, 1]), Blend(PARTNER, SHARE)
    explicit = soft(labels, 3, blend)
    torch.testing.assert_close(explicit.sum(1), torch.ones(4))
    found = blend(lambda targets: module.task.loss(output, targets), labels)
    torch.testing.assert_close(found, F.cross_entropy(output, explicit, label_smoothing=smoothing))


def test_the_weights_of_classes_go_with_each_part_of_a_soft_label(fitted: Fitted) -> None:
    _, module, _ = fitted("data=wine", "model=mlp", "task.class_weights=[1,2,5]")  # wine alone
    output, labels, blend = torch.randn(4, 3), torch.tensor([0, 2, 1, 1]), Blend(PARTNER, SHARE)
    weighed = soft(labels, 3, blend) * torch.tensor([1.0, 2, 5]) * -output.log_softmax(1)
    found = blend(lambda targets: module.task.loss(output, targets), labels)
    torch.testing.assert_close(found, weighed.sum(1).mean())


def test_two_classes_blend_into_probabilities(fitted: Fitted) -> None:
    _, module, _ = fitted("data=breast_cancer", "model=mlp")
    output, labels, blend = torch.randn(4, 1), torch.tensor([0, 1, 1, 0]), Blend(PARTNER, SHARE)
    explicit = SHARE * labels + (1 - SHARE) * labels[PARTNER]
    found = blend(lambda targets: module.task.loss(output, targets), labels)
    torch.testing.assert_close(found, F.binary_cross_entropy_with_logits(output[:, 0], explicit))


def test_numbers_to_predict_have_the_gradient_of_blended_numbers(fitted: Fitted) -> None:
    _, module, _ = fitted("data=diabetes", "model=mlp")
    targets, blend = torch.randn(4, 1) * 50 + 150, Blend(PARTNER, SHARE)
    output = torch.randn(4, 1, requires_grad=True)
    blended = SHARE * targets + (1 - SHARE) * targets[PARTNER]
    (expected,) = torch.autograd.grad(module.task.loss(output, blended), output)
    (found,) = torch.autograd.grad(blend(lambda t: module.task.loss(output, t), targets), output)
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("words", [["model=cnn"], ["model=cnn", "trainer.precision=bf16-mixed"]])
def test_a_training_takes_the_loss_of_what_it_mixed(words: list[str], fitted: Fitted) -> None:
    data, module, _ = fitted("data=digits", BOTH, *words)
    module.eval()  # without dropout; the mixers don't look at it
    inputs, labels = next(iter(data.train_dataloader()))
    mixed, blend = mix(module.mixers, inputs, data.seed, module.current_epoch, 5, 0)
    assert not torch.equal(mixed, inputs)
    expected = F.cross_entropy(module(mixed), soft(labels, 10, blend))
    torch.testing.assert_close(module.training_step((inputs, labels), 5), expected)


def test_a_batch_is_mixed_the_same_again_and_otherwise_the_next_time() -> None:
    x, mixers = torch.rand(8, 1, 8, 8), [Mixup(IMAGES, 1.0)]
    first, _ = mix(mixers, x, 0, 1, 2, 0)
    again, _ = mix(mixers, x, 0, 1, 2, 0)
    assert torch.equal(first, again)
    for other in ((9, 1, 2, 0), (0, 2, 2, 0), (0, 1, 3, 0), (0, 1, 2, 1)):  # seed, epoch, batch, process
        assert not torch.equal(first, mix(mixers, x, *other)[0])


def test_one_of_several_mixers_is_drawn_for_each_batch() -> None:
    x = torch.arange(8.0).reshape(8, 1, 1, 1).expand(8, 1, 8, 8)  # flat images: mixup leaves them flat
    mixers = [Mixup(IMAGES, 1.0), CutMix(IMAGES, 1.0)]
    flat = sum(bool((mix(mixers, x, 0, 0, batch, 0)[0].std((1, 2, 3)) < 1e-5).all()) for batch in range(200))
    assert 70 < flat < 130


def test_the_share_follows_its_distribution_and_is_the_larger_part() -> None:
    x, mixer = torch.zeros(2, 4), Mixup(IMAGES, 0.5)
    shares = torch.tensor([mix([mixer], x, draw)[1].share for draw in range(2000)])
    drawn = torch.distributions.Beta(0.5, 0.5).sample((20000,))
    assert shares.min() >= 0.5
    assert shares.mean().item() == pytest.approx(drawn.maximum(1 - drawn).mean().item(), abs=0.01)


def test_a_single_row_has_no_partner() -> None:
    mixer = Mixup(DataSpec((2,), "class", 2), alpha=0.2)
    with pytest.raises(ConfigError, match="mixers: expected two rows or more a batch, got one"):
        mixer(torch.ones(1, 2), np.random.default_rng(0))
