"""What is said of the rows that were evaluated, from a few numbers of each."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from kindling.data.spec import DataSpec

if TYPE_CHECKING:  # matplotlib takes 0.3 s: only when there is something to draw
    from matplotlib.figure import Figure

Cells = Mapping[str, Sequence[Any]]  # the columns of a table, by their names
Pair = tuple[str, str]  # what was predicted and what is true


class Report:
    """Keeps facts of every row (rows, facts); a subclass says which, for a kind of target."""

    def __init__(self, spec: DataSpec) -> None:
        self.spec = spec
        self.batches: list[Tensor] = []

    def suits(self, outputs: Any, targets: Tensor) -> bool:
        """Whether these are predictions of that kind, a row each."""
        raise TypeError(f"{type(self).__name__} must define suits()")

    def facts(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """What is kept of a batch (batch, facts)."""
        raise TypeError(f"{type(self).__name__} must define facts()")

    def errors(self, facts: Tensor) -> Tensor:
        """How far each row is from right (batch), the worst with the largest."""
        raise TypeError(f"{type(self).__name__} must define errors()")

    def numbers(self) -> dict[str, Any]:
        """What there is beside the metrics, in plain values; lists of mappings are tables."""
        raise TypeError(f"{type(self).__name__} must define numbers()")

    def figures(self, title: str) -> "dict[str, Figure]":
        """The pictures by the names of their files."""
        raise TypeError(f"{type(self).__name__} must define figures()")

    def columns(self, facts: Tensor) -> Cells:
        """What a table of rows says of each."""
        raise TypeError(f"{type(self).__name__} must define columns()")

    def pairs(self, facts: Tensor) -> list[Pair]:
        """What stands above the picture of each row."""
        raise TypeError(f"{type(self).__name__} must define pairs()")

    def add(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Keep a batch; returns what is kept."""
        found = self.facts(outputs.float().cpu(), targets.cpu())
        self.batches.append(found)
        return found

    def all(self) -> Tensor:
        """The facts of every row so far."""
        return torch.cat(self.batches)


def ratio(part: Tensor, whole: Tensor) -> list[float | None]:
    """Shares (classes); None where there is nothing to share."""
    pairs = zip(part.tolist(), whole.tolist(), strict=True)
    return [one / of if of and not math.isnan(of) else None for one, of in pairs]
