"""Which rows belong to which split."""

import torch
from torch import Tensor


def tenths(values: Tensor) -> Tensor:
    """Which tenth of all values each one lies in: so that numbers are split as evenly as classes."""
    ranks = values.argsort(stable=True).argsort()
    return ranks * 10 // len(values)


def split_rows(labels: Tensor, val_fraction: float, test_fraction: float, seed: int) -> dict[str, Tensor]:
    """Row numbers of each split, with the same share of every label in each, to within a row."""
    generator = torch.Generator().manual_seed(seed)
    total = len(labels)
    rows = torch.randperm(total, generator=generator)
    rows = rows[labels[rows].argsort(stable=True)]  # label after label, in random order within each
    test, rows = take_evenly(rows, round(total * test_fraction))
    val, train = take_evenly(rows, min(len(rows), round(total * val_fraction)))
    parts = {"train": train, "val": val, "test": test}
    return {name: part[torch.randperm(len(part), generator=generator)] for name, part in parts.items()}


def take_evenly(rows: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """As many rows as told, at even distances, and the rest."""
    taken = torch.zeros(len(rows), dtype=torch.bool)
    taken[torch.arange(count) * len(rows) // max(count, 1)] = True
    return rows[taken], rows[~taken]
