"""Whether an exported network and the original give the same, on batches of several sizes."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from kindling.error import UserError
from kindling.evaluate.rows import own_rows
from kindling.predictor import Predictor

SIZES = (1, 2, 7)  # of batches, in turns
MOST = 10_000  # rows
RANDOM = 100  # rows, where the data can't be had


def difference(original: Predictor, exported: Callable[[Tensor], Tensor], rows: Tensor) -> float:
    """The largest, of probabilities as it is, of numbers in shares of the largest; nan where one is nan."""
    pairs = [pair(original, exported, inputs) for inputs in batches(rows)]
    expected, found = (torch.cat(side) for side in zip(*pairs, strict=True))
    unit = expected.abs().max().clamp(min=1e-30) if original.spec.target == "real" else 1.0
    return float(((found - expected).abs() / unit).max())


def pair(original: Predictor, exported: Callable[[Tensor], Tensor], inputs: Tensor) -> tuple[Tensor, Tensor]:
    """What both give for one batch; the file takes 32 bits, whatever the data's own numbers are."""
    with torch.inference_mode():
        expected = torch.from_numpy(original.outputs(inputs))
        found = exported(inputs.float())
    if found.shape != expected.shape:
        return expected, torch.full_like(expected, torch.nan)
    return expected, found


def batches(rows: Tensor) -> Iterator[Tensor]:
    """All rows in batches of each size; few rows come again."""
    count = max(len(rows), sum(SIZES))
    turns = -(-count // sum(SIZES))
    order = torch.arange(turns * sum(SIZES)) % len(rows)
    for part in order.split(list(SIZES) * turns):
        yield rows[part]


def rows_of(state: dict[str, Any], predictor: Predictor) -> tuple[Tensor, str]:
    """Rows to compare on, and what they are: of the test split, or random where the data can't be had."""
    try:
        parts, count = [], 0
        for inputs, _ in own_rows(state, "test", None, None).loader:
            parts.append(inputs)
            count += len(inputs)
            if count >= MOST:
                break
        rows = torch.cat(parts)[:MOST]
        return rows, f"{len(rows):,} rows of the test split"
    except UserError as error:
        lowest = -1 if state["kindling"]["config"]["data"].get("normalization") == "standard" else 0
        generator = torch.Generator().manual_seed(0)
        drawn = torch.rand(RANDOM, *predictor.spec.input_shape, generator=generator)
        inside = predictor.module.normalize.inverse(lowest + (1 - lowest) * drawn)
        return (
            inside,
            f"{RANDOM} random rows in the range of the training's, as the data can't be had: {error}",
        )
