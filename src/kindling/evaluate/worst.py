"""The rows that a network errs on most."""

import torch
from torch import Tensor


class Worst:
    """The so many rows of the largest error; of rows that err alike, those that come first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.rows: tuple[Tensor, ...] = ()  # errors, numbers of rows and what else was added, each (rows, …)
        self.count = 0

    def add(self, errors: Tensor, *columns: Tensor) -> None:
        """The next batch: errors (batch) and columns (batch, …), of which the inputs may be large."""
        worst = torch.argsort(errors, descending=True, stable=True)[: self.most]
        fresh = [values[worst].cpu() for values in (errors, torch.arange(len(errors)) + self.count, *columns)]
        self.count += len(errors)
        both = [torch.cat(pair) for pair in zip(self.rows or [one[:0] for one in fresh], fresh, strict=True)]
        kept = torch.argsort(both[0], descending=True, stable=True)[: self.most]
        self.rows = tuple(values[kept] for values in both)
