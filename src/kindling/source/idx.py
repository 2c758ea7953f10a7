"""The IDX format of MNIST: a header with the size of each axis, then the bytes (Y. LeCun, 1998)."""

from math import prod
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from kindling.error import DataError

BYTES = 8  # the format's code for unsigned bytes


def read_idx(path: Path, axes: int) -> Tensor:
    """All values of a file of bytes, in the shape that its header states; raises DataError."""
    content = np.fromfile(path, np.uint8)
    magic, header = content[:4].tolist(), 4 + 4 * axes
    if magic != [0, 0, BYTES, axes]:
        raise DataError(f"{path}: expected the magic number {[0, 0, BYTES, axes]} of IDX, got {magic}")
    shape = [int(size) for size in content[4:header].view(">u4")] if len(content) >= header else [0]
    if len(content) != header + prod(shape):
        told = f"expected {header + prod(shape)} bytes as its header says, got {len(content)}"
        raise DataError(f"{path}: {told}; delete it to have it fetched again")
    return torch.from_numpy(content[header:]).reshape(shape)
