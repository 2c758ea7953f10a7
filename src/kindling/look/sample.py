"""A few rows of a set to show, with what an augmentation makes of them."""

from dataclasses import dataclass

import torch
from torch import Tensor

from kindling.augmentation.base import Augmentation
from kindling.data.base import DataModule
from kindling.look.facts import number


@dataclass(frozen=True)
class Sample:
    """Rows as they are and, where there is an augmentation, as training sees them in its first step."""

    before: Tensor  # (rows, *input_shape)
    after: Tensor | None
    targets: Tensor  # as a split holds them
    labels: list[str]  # the class, or the numbers to predict, of each row


def pick(data: DataModule, augmentation: Augmentation, most: int) -> Sample:
    """At most so many rows of the training split, at even distances; no `after` where nothing is done."""
    split = data.splits["train"]
    count = min(most, len(split))
    inputs, targets = split[torch.arange(count) * len(split) // count]
    after = None
    if type(augmentation) is not Augmentation:
        with torch.no_grad():
            after = augmentation(inputs, 0, 0, 0)  # epoch, batch, rank
    return Sample(inputs, after, targets, [label(data, target) for target in targets])


def label(data: DataModule, target: Tensor) -> str:
    """What is to be predicted for one row, in few words."""
    if data.spec.target == "class":
        return data.spec.class_names[int(target)] if data.spec.class_names else str(int(target))
    return f"{number(target[0])}{', …' if len(target) > 1 else ''}"
