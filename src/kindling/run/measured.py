"""What the metrics of a module have counted so far in an epoch, to go on counting."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, distributed, nn
from torchmetrics import Metric, MetricCollection

from kindling.task.meter import Meter

State = dict[str, dict[str, Any]]  # of each metric that has counted: how many batches, and its tensors


def measured(module: nn.Module) -> list[State]:
    """Of each process, in the order of their ranks; torchmetrics keeps none of it in a state_dict."""
    counted = {name: metric for name, metric in metrics(module) if metric.update_count}
    own: State = {
        name: {"count": metric.update_count, "state": copied(metric.metric_state)}
        for name, metric in counted.items()
    }
    for name, meter in meters(module):
        if meter.waiting:
            own[name] = {"waiting": copied(meter.waiting)}
    if not distributed.is_initialized():
        return [own]
    found: list[Any] = [None] * distributed.get_world_size()
    distributed.all_gather_object(found, own)
    return found


def measure_on(module: nn.Module, state: State) -> None:
    """Take over what was counted."""
    for name, metric in metrics(module):
        if name in state:
            metric._update_count = state[name]["count"]
            for key, value in state[name]["state"].items():
                setattr(metric, key, placed(value, metric.device))
    for name, meter in meters(module):
        meter.wait_for([tuple(batch) for batch in state.get(name, {}).get("waiting", ())])


def metrics(module: nn.Module) -> Iterator[tuple[str, Metric]]:
    """All of them by name; those of a collection that share what they count get a copy each."""
    for name, part in module.named_modules():
        if isinstance(part, MetricCollection):
            part.items()
        elif isinstance(part, Metric):
            yield name, part


def meters(module: nn.Module) -> Iterator[tuple[str, Meter]]:
    """Those that have batches which are still to be counted."""
    yield from ((name, part) for name, part in module.named_modules() if isinstance(part, Meter))


def placed(state: Any, device: torch.device) -> Any:
    """On a device."""
    return state.to(device) if isinstance(state, Tensor) else [placed(value, device) for value in state]


def copied(state: Any) -> Any:
    """A copy on the CPU, as the metrics go on counting in place."""
    if isinstance(state, Tensor):
        return state.detach().cpu().clone()
    if isinstance(state, dict):
        return {key: copied(value) for key, value in state.items()}
    return [copied(value) for value in state]
