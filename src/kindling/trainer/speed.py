"""What makes the same training faster, where it pays on this machine."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from kindling.data.base import DataModule
from kindling.trainer.precision import settle, used


def speed_up(net: nn.Module, data: DataModule, settings: Mapping[str, Any]) -> str | None:
    """Set threads and compile the network as the settings say; returns the precision to train in."""
    if settings.get("threads"):
        torch.set_num_threads(settings["threads"])
    trainer = settings["trainer"]
    accelerator = trainer.get("accelerator", "auto")
    precision: str | None = trainer.get("precision")
    if precision == "auto":  # which tries the network on one row: nothing to compile for
        precision = settle(net, data.spec, data.batch_size, accelerator)
    compile_net(net, settings.get("compile", "none"), accelerator)
    return precision


def compile_net(net: nn.Module, how: str, accelerator: str) -> None:
    """Compile it in place by a mode of torch's; `auto` takes CUDA graphs on a GPU, and nothing elsewhere."""
    if how == "auto":
        how = "reduce-overhead" if used(accelerator) == "cuda" else "none"
    if how != "none":
        net.compile(mode=how)
