"""ONNX, for runtimes in any language: from `input` (batch, …) to `output`, facts as metadata properties."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from kindling.export.deployed import Deployed

ENDING = ".onnx"
PACKAGES = ("onnxscript", "onnxruntime")


def write(network: "Deployed", facts: Mapping[str, str]) -> bytes:
    """The model, translated from the traced program: torch's older way without that is to be removed."""
    import torch

    found = torch.onnx.export(
        network.trace(),
        input_names=["input"],
        output_names=["output"],
        dynamic_shapes=({0: "batch"},),  # its name in the file
        dynamo=True,
        verbose=False,
    )
    assert found is not None
    found.model.metadata_props.update(facts)
    content: bytes = found.model_proto.SerializeToString()
    return content


def read(path: Path) -> "Callable[[Tensor], Tensor]":
    """Run it by onnxruntime on the CPU."""
    import torch

    session = import_module("onnxruntime").InferenceSession(str(path), providers=["CPUExecutionProvider"])

    def run(inputs: "Tensor") -> "Tensor":
        return torch.from_numpy(session.run(["output"], {"input": inputs.numpy()})[0])

    return run
