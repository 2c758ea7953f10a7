"""All rows in the memory of the device that trains, for sets that are small beside it."""

from collections.abc import Mapping

import torch

from kindling.data.loader import Split


def moved(splits: Mapping[str, Split], device: torch.device) -> dict[str, Split]:
    """The splits on a device, where what several of them share lies once; on a CPU as they are."""
    if device.type == "cpu":
        return dict(splits)
    parts = [(split.inputs, split.targets) for split in splits.values()]
    shared = {id(tensor): tensor for part in parts for tensor in part}
    there = {key: tensor.to(device) for key, tensor in shared.items()}
    return {
        name: Split(there[id(split.inputs)], there[id(split.targets)], split.rows.to(device))
        for name, split in splits.items()
    }
