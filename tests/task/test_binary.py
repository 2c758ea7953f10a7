"""Binary cross-entropy on one logit."""

import pytest
import torch
from torch.nn import functional as F

from kindling.data.normalize import Statistics
from kindling.data.spec import DataSpec
from kindling.error import ConfigError, UnsuitableError
from kindling.task.binary import Binary

SPEC = DataSpec((2,), "class", 2)


def test_one_logit_scores_as_two_outputs_would() -> None:
    task, logit, target = Binary(SPEC), torch.randn(9, 1), torch.arange(9) % 2
    two_outputs = torch.cat([torch.zeros(9, 1), logit], 1)
    torch.testing.assert_close(task.loss(logit, target), F.cross_entropy(two_outputs, target))
    torch.testing.assert_close(task.predict(logit), torch.softmax(two_outputs, 1)[:, 1])


def test_smoothing_agrees_with_two_outputs_too() -> None:
    task, logit, target = Binary(SPEC, label_smoothing=0.2), torch.randn(9, 1), torch.arange(9) % 2
    two_outputs = torch.cat([torch.zeros(9, 1), logit], 1)
    smoothed = F.cross_entropy(two_outputs, target, label_smoothing=0.2)
    torch.testing.assert_close(task.loss(logit, target), smoothed)
    assert not torch.isclose(task.eval().loss(logit, target), smoothed)


def test_three_classes_are_refused() -> None:
    with pytest.raises(UnsuitableError, match="needs 2 classes; the data has 3 classes"):
        Binary(DataSpec((2,), "class", 3))


def test_balanced_weights_let_both_classes_count_the_same() -> None:
    task, target, nothing = (
        Binary(SPEC, class_weights="balanced"),
        torch.tensor([0] * 9 + [1]),
        torch.empty(0),
    )
    task.adopt(Statistics(nothing, nothing, nothing, nothing, target.bincount()))
    output = torch.randn(10, 1)
    losses = F.binary_cross_entropy_with_logits(output[:, 0], target.float(), reduction="none")
    torch.testing.assert_close(task.loss(output, target), (losses[:9].mean() + losses[9]) / 2)


@pytest.mark.parametrize("share", [-0.1, 1.5])
def test_a_smoothing_that_is_no_share_is_told(share: float) -> None:
    with pytest.raises(ConfigError, match=r"task\.label_smoothing: expected 0 to 1, got"):
        Binary(SPEC, label_smoothing=share)
