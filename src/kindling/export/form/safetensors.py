"""Weights by their names, to load into a network that is built elsewhere; how, its metadata says."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from kindling.export.deployed import Deployed

ENDING = ".safetensors"
PACKAGES = ("safetensors",)
README = """\
By kindling, from {module}: read(path) gives a function from raw values to predictions.
Without it: build {network} from `config`, for `input_shape`; its weights are those below net. It takes
(raw - normalize.shift) / normalize.scale; what it gives turns into: {output}
"""


def write(network: "Deployed", facts: Mapping[str, str]) -> bytes:
    """The weights, a copy of each: such a file has no two names for one."""
    kind = type(network.net)
    readme = README.format(module=__name__, network=f"{kind.__module__}.{kind.__qualname__}", **facts)
    weights = {name: one.clone().contiguous() for name, one in network.state_dict().items()}
    content: bytes = import_module("safetensors.torch").save(
        weights, {"format": "pt", "readme": readme, **facts}
    )
    return content


def read(path: Path) -> "Callable[[Tensor], Tensor]":
    """The network rebuilt from the file alone; raises RunError where it would build what isn't known."""
    from kindling.data.spec import DataSpec
    from kindling.export.deployed import Deployed
    from kindling.predictor import predictor_of

    with import_module("safetensors").safe_open(str(path), "pt") as file:
        facts = file.metadata()
        weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # it is no mapping
    kept = {name: json.loads(facts[name]) for name in ("config", "reading", "versions")}
    spec = {one.name: json.loads(facts[one.name]) for one in fields(DataSpec)}
    state = {"format": json.loads(facts["kindling_format"]), "spec": spec, **kept}
    return Deployed(predictor_of({"kindling": state, "state_dict": weights}, path, "cpu"))
