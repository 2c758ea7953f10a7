"""The rows of a split are what its spec promises, or it is told what they are instead."""

from collections.abc import Iterable
from math import isfinite

from torch import Tensor

from kindling.data.loader import Split
from kindling.data.spec import DataSpec
from kindling.error import DataError


def first_not_finite(parts: Iterable[Tensor]) -> int | None:
    """The place of the first row with a value that is no finite number of 32 bits."""
    start = 0
    for part in parts:
        if not part.is_floating_point():  # a large set of images needn't be read for that
            return None
        numbers = part.float()
        if not isfinite(numbers.sum()):  # a finite sum has none: that is seen at once
            wrong = ~numbers.isfinite().reshape(len(part), -1).all(1)
            if wrong.any():  # else they are too large to add up
                return start + int(wrong.int().argmax())
        start += len(part)
    return None


def tidy(split: Split, spec: DataSpec, name: str) -> Split:
    """Bring a split to the form that its spec promises; raises DataError where that can't be."""
    targets = split.targets
    where = f"data: the {name} split"
    if not len(split):
        others = "; lower data.val_fraction or data.test_fraction"
        fraction = others if name == "train" else f"; raise data.{name}_fraction"
        raise DataError(f"{where} has no rows, expected at least one{fraction}")
    if len(split.inputs) != len(targets):
        raise DataError(
            f"{where} expected a target for each input, got {len(split.inputs)} and {len(targets)}"
        )
    if split.inputs.shape[1:] != spec.input_shape:
        shape = tuple(split.inputs.shape[1:])
        raise DataError(f"{where} has samples of shape {shape}, expected {spec.input_shape} as in its spec")
    for what, parts in (("inputs", split.parts()), ("targets", iter([targets[split.rows]]))):
        at = first_not_finite(parts)
        if at is not None:
            told = f"that are not finite, the first in row {int(split.rows[at])}"
            raise DataError(f"{where} has {what} {told}; fill those rows or take them out")
    if spec.target == "real":
        targets = targets.float().reshape(len(targets), -1)
        return Split(split.inputs, targets, split.rows, split.reopen)
    wrong = targets[(targets != targets.long()) | (targets < 0) | (targets >= spec.num_targets)]
    if len(wrong):
        raise DataError(f"{where} has the class {wrong[0].item()}, expected 0 to {spec.num_targets - 1}")
    return Split(split.inputs, targets.long(), split.rows, split.reopen)
