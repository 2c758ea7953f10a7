"""kindling.load: what evaluation computes, from the checkpoint alone and from raw inputs of every form."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import kindling
from kindling.data.bundled import FOLDER
from kindling.error import ConfigError, RunError
from kindling.predictor import Predictor, load
from tests.stand_in import stand_in

Fitted = Callable[..., tuple[Any, Any, Any]]
NEEDS: dict[str, list[str]] = {"adding_problem": ["data.rows=200", "data.steps=8"]}
DATA = ["blobs", "wine", "digits", "breast_cancer", "diabetes", "adding_problem", "csv", "npy", "timeseries"]
DATA += ["image_folder", "mnist", "fashion_mnist", "cifar10"]
TABLES: list[str] = ["wine", "breast_cancer", "diabetes"]
ARRAYS: list[str] = ["blobs", "adding_problem"]


def evaluated(data: Any, module: Any, trainer: Any) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """The inputs of each batch of the test split, and what is predicted for them there."""
    module.restore(trainer.checkpoint_callbacks[-1].best)
    module.eval()
    with torch.no_grad():
        yield from ((batch[0], module.test_step(batch, 0)) for batch in data.test_dataloader())


def best(trainer: Any) -> Path:
    return Path(trainer.checkpoint_callbacks[-1].best)


def require_same(parts: tuple[Any, Any, Any]) -> Predictor:
    """Bit for bit, a batch at a time, and the same numbers in batches of another size."""
    predictor = load(best(parts[2]))
    inputs, outputs = zip(*evaluated(*parts), strict=True)
    for batch, expected in zip(inputs, outputs, strict=True):
        assert np.array_equal(predictor.outputs(batch), expected.numpy())
    found = predictor.predict(torch.cat(inputs))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, torch.cat(outputs).numpy(), rtol=1e-6, atol=1e-6)
    return predictor


def raw_files(name: str, data: Any, folder: Path) -> Any:
    """All samples of a set, in the order of their numbers, in files as a user would have them."""
    if name in ("csv", "timeseries"):
        return data.table.path
    if name in TABLES:
        return FOLDER / f"{name}.csv.gz"
    if name == "image_folder":
        return folder / "photos"
    if name == "npy":
        return folder / "x.npy"
    inputs = data.splits["test"].inputs
    if name in ARRAYS:
        np.save(folder / "inputs.npy", inputs.numpy())
        return folder / "inputs.npy"
    paths = [folder / f"{number:03}.png" for number in range(len(inputs))]
    for path, pixels in zip(paths, inputs, strict=True):
        Image.fromarray(
            pixels.numpy().squeeze() if len(pixels) == 1 else pixels.permute(1, 2, 0).numpy()
        ).save(path)
    return paths


@pytest.mark.parametrize("name", DATA)
def test_raw_samples_of_each_set_are_predicted_as_evaluation_does(
    name: str, fitted: Fitted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = NEEDS.get(name, stand_in(f"data/{name}", tmp_path, monkeypatch))
    parts = fitted(f"data={name}", *words)
    predictor = require_same(parts)
    if name == "digits":  # its images are bytes: tested below
        return
    split = parts[0].splits["test"]
    found = predictor.predict(raw_files(name, parts[0], tmp_path))[split.rows.numpy()]
    np.testing.assert_allclose(found, predictor.predict(split[:][0]), rtol=1e-5, atol=1e-6)


MODELS = {
    "mlp": ["data=wine", "regularizer=[batch_norm,dropout]"],
    "sequential": ["data=wine"],
    "cnn": ["data=digits", "regularizer=[batch_norm]", "augmentation=affine"],
    "resnet": ["data=digits", "regularizer=[stochastic_depth]", "augmentation=kornia"],
    "whitened": ["data=digits", "model.channels=[8]", "model.flip_average=true"],
    "lstm": ["data=adding_problem", *NEEDS["adding_problem"]],
}


@pytest.mark.parametrize("model", MODELS)
def test_each_model_predicts_as_evaluation_does(model: str, fitted: Fitted) -> None:
    require_same(fitted(f"model={model}", *MODELS[model]))


@pytest.mark.parametrize(
    "words",
    [
        ["data=breast_cancer", "task=classification"],
        ["data=breast_cancer", "regularizer=[mixup,l1,ema]", "scheduler=plateau"],
        ["data=diabetes", "data.normalization=minmax", "optimizer=schedule_free"],
        ["data=wine", "data.normalization=none", "optimizer=lbfgs"],
    ],
    ids=" ".join,
)
def test_whatever_it_was_trained_with(words: list[str], fitted: Fitted) -> None:
    require_same(fitted(*words))


def test_importing_the_package_imports_no_torch() -> None:
    code = "import kindling, sys; sys.exit('torch' in sys.modules or not callable(kindling.load))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_the_checkpoint_is_all_that_is_needed_and_nothing_else_is_changed(kept: Path) -> None:
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    predictor = kindling.load(str(kept), device="cpu")
    assert torch.rand(1) == expected
    assert predictor.classes == ("0", "1")
    assert predictor.predict([{"size": 3, "colour": "red"}]).shape == (1,)
    assert list(kept.parent.iterdir()) == [kept]


def spoil(kept: Path, path: Path, change: Callable[[dict[str, Any]], Any]) -> Path:
    content = torch.load(kept, weights_only=True)
    change(content)
    torch.save(content, path)
    return path


SPOILT: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "a target": (
        lambda state: state["kindling"]["config"]["model"].update(_target_="os.system"),
        "model._target_: expected a class of kindling",
    ),
    "no settings": (lambda state: state["kindling"].pop("config"), "can't be rebuilt"),
    "no weights": (lambda state: state.update(state_dict={}), "can't be rebuilt .*Missing key"),
    "a kind": (lambda state: state["kindling"]["reading"].update(kind="../os"), "can't be rebuilt .*unknown"),
    "no kind": (lambda state: state["kindling"]["reading"].update(kind=None), "can't be rebuilt .*unknown"),
    "a module": (lambda state: state["kindling"]["reading"].update(kind="rows"), "can't be rebuilt"),
    "a shape": (lambda state: state["kindling"]["spec"].update(input_shape=(7,)), "can't be rebuilt"),
    "a setting": (lambda state: state["kindling"]["config"]["model"].update(wide=1), "can't be rebuilt"),
    "a list": (lambda state: state.update(kindling=[]), "can't be rebuilt"),
    "its age": (lambda state: state.pop("kindling"), "begin another run"),
    "its youth": (lambda state: state["kindling"].update(format=99), "of a newer kindling"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_checkpoint_that_cannot_be_used_is_one_line(what: str, kept: Path, tmp_path: Path) -> None:
    change, message = SPOILT[what]
    with pytest.raises(RunError, match=message) as told:
        load(spoil(kept, tmp_path / "spoilt.ckpt", change))
    assert "\n" not in str(told.value)


def test_words_that_do_not_suit_are_told(kept: Path, fitted: Fitted) -> None:
    with pytest.raises(ConfigError, match="device: expected auto, cpu or cuda, got tpu"):
        load(kept, "tpu")
    numbers = load(best(fitted("data=diabetes")[2]))
    assert numbers.classes == ()
    with pytest.raises(ConfigError, match="expected a run that predicts classes"):
        numbers.predict_classes(np.zeros((1, 10)))
