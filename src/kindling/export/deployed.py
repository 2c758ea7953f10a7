"""What an export holds: the network with normalisation before it and the task's prediction behind it."""

import inspect
import json
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn
from torch.export import Dim, ExportedProgram

from kindling.predictor import Predictor
from kindling.run.keep import versions


class Deployed(nn.Module):
    """Raw values in, probabilities or values in the target's own units out."""

    def __init__(self, predictor: Predictor) -> None:
        super().__init__()
        self.input_shape = tuple(predictor.spec.input_shape)
        self.normalize = predictor.module.normalize
        self.net = predictor.module.net
        self.task = deepcopy(predictor.module.task)
        self.task.metrics = nn.ModuleDict()  # nothing is measured where it goes
        self.eval().requires_grad_(False)

    def forward(self, x: Tensor) -> Tensor:
        """Raw values (batch, *input_shape) to what a user reads."""
        return self.task.predict(self.net(self.normalize(x)).float())

    def trace(self) -> ExportedProgram:
        """It as a program for batches of any size."""
        example = torch.zeros(3, *self.input_shape)  # torch takes 1 to be what never changes
        program = torch.export.export(self, (example,), dynamic_shapes=({0: Dim("batch", min=1)},))
        for node in program.graph.nodes:
            node.meta.pop("stack_trace", None)  # with the paths of this machine
        return program


def describe(network: Deployed, kept: dict[str, Any]) -> dict[str, str]:
    """What a file tells about itself: texts, or JSON; `kept` is what the checkpoint says."""
    told = inspect.getdoc(type(network.task).predict) or ""
    shape = ", ".join(map(str, ("batch", *network.input_shape)))
    facts = {
        "input": f"raw values, float32 ({shape})",
        "output": " ".join(told.split()),
        "kindling_format": kept["format"],
        **kept["spec"],
        **{name: kept[name] for name in ("config", "reading", "versions")},
        "exported_by": versions(),
    }
    return {
        name: value if isinstance(value, str) and name in ("input", "output") else dumps(value)
        for name, value in facts.items()
    }


def dumps(value: Any) -> str:
    """As JSON, with names as they are written."""
    return json.dumps(value, ensure_ascii=False)
