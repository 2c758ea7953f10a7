"""A program of torch's own, run by torch.export.load(FILE).module() without any code of the network."""

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from kindling.export.deployed import Deployed

ENDING = ".pt2"
PACKAGES: tuple[str, ...] = ()


def write(network: "Deployed", facts: Mapping[str, str]) -> bytes:
    """The program; each fact is an extra file in it."""
    import torch

    buffer = BytesIO()
    torch.export.save(network.trace(), buffer, extra_files=dict(facts))
    return buffer.getvalue()


def read(path: Path) -> "Callable[[Tensor], Tensor]":
    """Run the program."""
    import torch

    with path.open("rb") as file:
        run: Callable[[Tensor], Tensor] = torch.export.load(file).module()
    return run
