"""Which rows belong to which split."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from kindling.error import ConfigError


def require(name: str, value: object, expected: str, suits: bool) -> None:
    """Refuse a setting that no data set can work with."""
    if not suits:
        raise ConfigError(f"data.{name}: expected {expected}, got {value}")


def tenths(values: Tensor) -> Tensor:
    """Which tenth of all values each one lies in: so that numbers are split as evenly as classes."""
    ranks = values.argsort(stable=True).argsort()
    return ranks * 10 // len(values)


def split_rows(
    labels: Tensor, val_fraction: float, test_fraction: float, seed: int, groups: Tensor | None = None
) -> dict[str, Tensor]:
    """Row numbers of each split, with the same share of every label in each, to within a row.

    Rows of one group stay together, and the shares are as even as that lets them be.
    """
    generator = torch.Generator().manual_seed(seed)
    total = len(labels)
    if groups is not None:
        shares = [1 - val_fraction - test_fraction, val_fraction, test_fraction]
        train, val, test = deal_groups(labels, groups, shares, generator)
    else:
        test, rows = take_evenly(by_label(labels, generator), round(total * test_fraction))
        val, train = take_evenly(rows, min(len(rows), round(total * val_fraction)))
    return shuffled({"train": train, "val": val, "test": test}, generator)


def by_label(labels: Tensor, generator: torch.Generator) -> Tensor:
    """All row numbers, label after label, in random order within each."""
    rows = torch.randperm(len(labels), generator=generator)
    return rows[labels[rows].argsort(stable=True)]


def take_evenly(rows: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """As many rows as told, at even distances, and the rest."""
    taken = torch.zeros(len(rows), dtype=torch.bool)
    taken[torch.arange(count) * len(rows) // max(count, 1)] = True
    return rows[taken], rows[~taken]


def shuffled(parts: dict[str, Tensor], generator: torch.Generator) -> dict[str, Tensor]:
    """The same rows of each in random order, so that the first ones are like all."""
    return {name: part[torch.randperm(len(part), generator=generator)] for name, part in parts.items()}


def deal_groups(
    labels: Tensor, groups: Tensor, shares: Sequence[float], generator: torch.Generator
) -> list[Tensor]:
    """Row numbers of parts that are to have these shares of every label; each group is in one of them.

    The largest group comes first, and each goes where most is lacking of what it has.
    """
    group = groups.unique(return_inverse=True)[1].numpy()
    counts = np.zeros((group.max(initial=-1) + 1, int(labels.max()) + 2))  # (groups, labels and all of them)
    np.add.at(counts, (group, labels.numpy()), 1)
    counts[:, -1] = counts.sum(1)
    whole = counts.sum(0).clip(min=1)
    order = torch.randperm(len(counts), generator=generator).numpy()
    dealt = np.zeros((len(shares), counts.shape[1]))
    part_of = np.empty(len(counts), dtype=np.int64)
    for one in order[np.argsort(-counts[order, -1], kind="stable")]:
        lacking = np.array(shares)[:, None] - dealt / whole  # (parts, labels)
        # rounded: what is equal but for the last bit is so on any machine
        part_of[one] = (lacking * counts[one]).sum(1).round(9).argmax()
        dealt[part_of[one]] += counts[one]
    parts = torch.from_numpy(part_of[group])
    return [(parts == at).nonzero()[:, 0] for at in range(len(shares))]
