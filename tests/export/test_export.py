"""Whatever is exported gives what evaluation gives, for raw values and batches of any size."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import kindling
from kindling.error import MachineError, RunError
from kindling.export.export import export
from kindling.export.place import find_form, forms
from kindling.run.store import read_checkpoint
from tests.export.conftest import KINDS, Trained

NETWORKS = {
    "mlp": ["regularizer=[layer_norm,ema]"],
    "sequential": ["model.layers=[{Conv2d:[4,3]},BatchNorm2d,ReLU,{MaxPool2d:2},Flatten,{Linear:8}]"],
    "cnn": ["model.channels=[4]", "regularizer=[batch_norm,dropout]"],
    "resnet": ["regularizer=[batch_norm,weight_averaging]"],
    "whitened": ["model.channels=[4]", "model.flip_average=true"],
    "lstm": ["model.hidden=8", "regularizer=[layer_norm]"],
}
QUICK = [(task, model) for task in KINDS for model in NETWORKS if task == "classification" or model == "mlp"]
ALL = [
    pytest.param(task, model, marks=() if (task, model) in QUICK else pytest.mark.full)
    for task in KINDS
    for model in NETWORKS
]


def form_or_skip(name: str) -> Any:
    try:
        return find_form(name)
    except MachineError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("name", forms())
@pytest.mark.parametrize(("task", "model"), ALL)
def test_an_export_gives_what_the_network_gives(
    task: str, model: str, name: str, trained: Trained, tmp_path: Path
) -> None:
    form, path = form_or_skip(name), tmp_path / "new" / "network"
    checkpoint = trained(task, f"model={model}", *NETWORKS[model])

    seen = export(checkpoint, form, path)

    told = "takes images of 1×8×8; compared on 12 rows of the test split, in batches of 1, 2, 7: the largest"
    assert seen.startswith(told)
    assert [file.name for file in path.parent.iterdir()] == ["network"]
    raw = np.random.default_rng(1).integers(0, 256, (11, 1, 8, 8)).astype(np.float32)
    expected = kindling.load(checkpoint, "cpu").predict(raw)
    for count in (1, 11):
        found = form.read(path)(torch.from_numpy(raw[:count])).numpy()
        np.testing.assert_allclose(found, expected[:count], rtol=1e-5, atol=1e-5)


def facts_of(name: str, path: Path) -> dict[str, str]:
    if name == "onnx":
        import onnx

        return {one.key: one.value for one in onnx.load(path).metadata_props}
    if name == "safetensors":
        from safetensors import safe_open

        return dict(safe_open(path, "pt").metadata())
    known = dict.fromkeys(("input", "output", "input_shape", "class_names", "config", "versions"), "")
    with path.open("rb") as file:
        torch.export.load(file, extra_files=known)
    return known


@pytest.mark.parametrize("name", forms())
def test_a_file_tells_about_itself(name: str, trained: Trained, tmp_path: Path) -> None:
    checkpoint, path = trained("classification", "model=mlp"), tmp_path / "network"
    export(checkpoint, form_or_skip(name), path)
    facts = facts_of(name, path)
    assert facts["input"] == "raw values, float32 (batch, 1, 8, 8)"
    assert facts["output"] == "Probabilities (batch, classes)."
    assert json.loads(facts["input_shape"]) == [1, 8, 8]
    assert json.loads(facts["class_names"]) == ["0", "1", "2"]
    assert json.loads(facts["config"]) == read_checkpoint(checkpoint)["kindling"]["config"]
    assert json.loads(facts["versions"])["torch"] == torch.__version__
    assert str(Path(kindling.__file__).parent).encode() not in path.read_bytes()


def test_onnx_names_what_goes_in_and_out(trained: Trained, tmp_path: Path) -> None:
    form, path = form_or_skip("onnx"), tmp_path / "network.onnx"
    export(trained("regression", "model=mlp"), form, path)
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (inputs,), (outputs,) = session.get_inputs(), session.get_outputs()
    assert (inputs.name, inputs.type, inputs.shape) == ("input", "tensor(float)", ["batch", 1, 8, 8])
    assert (outputs.name, outputs.type, outputs.shape) == ("output", "tensor(float)", ["batch", 2])


class Forgetful:
    """A format that loses what it is told to."""

    ENDING = ".txt"

    def __init__(self, lose: Callable[[Tensor], Tensor]) -> None:
        self.lose = lose

    def write(self, network: Any, facts: Any) -> bytes:
        self.network = network
        return b"content"

    def read(self, path: Path) -> Callable[[Tensor], Tensor]:
        assert path.read_bytes() == b"content"
        return lambda inputs: self.lose(self.network(inputs))


@pytest.mark.parametrize(
    ("task", "lose"),
    [
        ("classification", lambda output: output + 2e-5),
        ("classification", lambda output: output * torch.nan),
        ("classification", lambda output: output[:, :1]),
        ("classification", lambda output: output if len(output) < 7 else output.flip(0)),
        ("regression", lambda output: output * (1 + 3e-5)),
    ],
    ids=["other", "nan", "shape", "batch", "numbers"],
)
def test_what_differs_is_not_kept(
    task: str, lose: Callable[[Tensor], Tensor], trained: Trained, tmp_path: Path
) -> None:
    path = tmp_path / "new" / "network.txt"
    checkpoint = trained(task, "model=mlp")
    with pytest.raises(RunError, match=r"as \.txt it differs from the original by \S+, expected 1e-05 or"):
        export(checkpoint, Forgetful(lose), path)
    assert list(path.parent.iterdir()) == []
    export(checkpoint, Forgetful(lambda output: output), path)
    assert path.read_bytes() == b"content"


def test_rounding_of_large_numbers_is_no_difference(trained: Trained, tmp_path: Path) -> None:
    export(trained("regression", "model=mlp"), Forgetful(lambda output: output * (1 + 2e-6)), tmp_path / "x")


def test_without_the_data_random_rows_are_compared(trained: Trained, tmp_path: Path) -> None:
    checkpoint = trained("classification", "model=mlp")
    (tmp_path / "path.npy").unlink()
    seen = export(checkpoint, Forgetful(lambda output: output), tmp_path / "network")
    assert "100 random rows in the range of the training's, as the data can't be had: data.path: " in seen
    with pytest.raises(RunError, match="it differs from the original by"):
        export(checkpoint, Forgetful(lambda output: output + 1), tmp_path / "network")


class Branches(nn.Module):
    """A network that exporters refuse."""

    def __init__(self, input_shape: tuple[int, ...], num_outputs: int) -> None:
        super().__init__()
        self.layer = nn.Linear(64, num_outputs)

    def forward(self, x: Tensor) -> Tensor:
        output: Tensor = self.layer(x.flatten(1))
        return output if output.sum() > 0 else -output


def test_a_network_that_a_format_cannot_express_is_told_in_one_line(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = trained("classification", "model=mlp")
    made = SimpleNamespace(net=Branches((1, 8, 8), 3))
    from kindling import predictor

    rebuild = predictor.rebuild

    def with_branches(*words: Any) -> Any:
        module = rebuild(*words)
        module.net = made.net
        return module

    monkeypatch.setattr(predictor, "rebuild", with_branches)
    with pytest.raises(RunError, match=r"can't become \.pt2 \(.*\); take another --format") as told:
        export(checkpoint, find_form("torch_export"), tmp_path / "new" / "network")
    assert "\n" not in str(told.value)
    assert len(str(told.value)) < 600
    assert not (tmp_path / "new").exists()


def test_a_foreign_file_of_weights_builds_nothing(trained: Trained, tmp_path: Path) -> None:
    form, path = form_or_skip("safetensors"), tmp_path / "network.safetensors"
    export(trained("classification", "model=mlp"), form, path)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"kindling.model.mlp.MLP", b"os.system.model.mlp.ML"))
    with pytest.raises(RunError, match=r"model\._target_: expected a class of kindling"):
        form.read(path)
