"""What editors are told of conf/ is fresh, fits every YAML, and refuses what the checks refuse."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from kindling.check.option import Conf
from kindling.check.schema import schemas
from tests.conftest import CONF, PROJECT

SCHEMAS = PROJECT / ".vscode" / "schema"
OWN = PROJECT / "tests" / "own" / "conf"
FILES = sorted(
    path for folder in (CONF, OWN) for path in folder.rglob("*.yaml") if "hydra" not in path.parts[-3:]
)


class Loader(yaml.SafeLoader):
    """Reads numbers as editors do, where 1e-3 is one."""


Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?\d+(\.\d*)?[eE][-+]?\d+$"), list("0123456789-+")
)


def parsed(text: str) -> Any:
    return yaml.load(text, Loader)


def name(path: Path) -> str:
    """The schema for a file."""
    return path.parent.name if path.parent.parent in (CONF, OWN) else path.stem


def shown(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


@pytest.fixture(scope="module")
def shipped() -> dict[str, Any]:
    written = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob("*.json")}
    return written or schemas(Conf(CONF))


@pytest.fixture(scope="module")
def with_own() -> dict[str, Any]:
    """The schemas of the project with the words of tests/own."""
    return schemas(Conf(CONF, beside=OWN))


def complaints(schema: Any, text: str) -> list[str]:
    return [error.message for error in Draft7Validator(schema).iter_errors(parsed(text))]


@pytest.mark.skipif(not SCHEMAS.exists(), reason="not written yet: python scripts/make_schema.py")
def test_the_files_are_what_the_command_would_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PROJECT / "scripts"))
    command = import_module("make_schema")
    assert command.stale(PROJECT) == [], "type: python scripts/make_schema.py"
    assert {path.stem for path in SCHEMAS.iterdir()} == {"config", *Conf(CONF).groups}


def test_the_command_writes_once_and_tells_what_is_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(PROJECT / "scripts"))
    command = import_module("make_schema")
    text = "{\n}\n"
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "texts", lambda root: {Path(".vscode/schema/model.json"): text})
    file = tmp_path / ".vscode" / "schema" / "model.json"

    assert command.main(["--check"]) == 1
    assert not file.exists()
    told = capsys.readouterr().err
    assert told == ".vscode/schema/model.json: stale; type: python scripts/make_schema.py\n"
    assert command.main([]) == 0
    assert file.read_bytes() == text.encode()
    assert command.main(["--check"]) == 0
    file.write_bytes(b"\xff")
    assert command.main(["--check"]) == 1


def test_a_wrong_word_is_one_line() -> None:
    command = [sys.executable, str(PROJECT / "scripts" / "make_schema.py"), "--chek"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert "--chek" in result.stderr


def test_the_settings_name_a_schema_for_each_group() -> None:
    told = json.loads((PROJECT / ".vscode" / "settings.json").read_text())["yaml.schemas"]
    wanted = {f".vscode/schema/{group}.json": f"conf/{group}/*.yaml" for group in Conf(CONF).groups}
    assert told == {".vscode/schema/config.json": "conf/config.yaml"} | wanted


def test_the_schemas_are_schemas_and_need_no_network(shipped: dict[str, Any]) -> None:
    for schema in shipped.values():
        Draft7Validator.check_schema(schema)
        assert "$ref" not in json.dumps(schema)
        assert [one for one in lists(schema) if len(one) > len(set(map(repr, one)))] == []


def lists(schema: Any) -> Iterator[list[Any]]:
    """All lists of words."""
    for key, one in schema.items() if isinstance(schema, dict) else enumerate(schema):
        if key == "enum":
            yield one
        elif isinstance(one, dict | list):
            yield from lists(one)


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_a_yaml_fits_its_schema(path: Path, with_own: dict[str, Any], shipped: dict[str, Any]) -> None:
    text = path.read_text(encoding="utf-8")
    assert complaints(with_own[name(path)], text) == []
    if CONF in path.parents:
        assert complaints(shipped[name(path)], text) == []


SPOILED = [  # a file, what stands in it, and what is written instead
    ("config", "seed: 0", "seed: -1"),
    ("config", "seed: 0", "seed: one"),
    ("config", "mode: min", "mode: least"),
    ("config", "freeze: none", "freeze: head"),
    ("config", "layer_decay: 1.0", "layer_decay: 0"),
    ("config", "batch_size: 32", "batch_size: 0"),
    ("config", "- data: digits", "- data: digit"),
    ("config", "[tensorboard, csv]", "tensorboard"),
    ("config", "[tensorboard, csv]", "[tensorboard, cvs]"),
    ("config", "_partial_: true", "_partial_: maybe"),
    ("model/mlp", "hidden:", "hiden:"),
    ("model/mlp", "hidden: [64, 64]", "hidden: [64, 0]"),
    ("model/mlp", "hidden: [64, 64]", "hidden: wide"),
    ("model/mlp", "dropout: 0.0", "dropout: 1.0"),
    ("model/mlp", "activation: relu", "activation: rely"),
    ("model/mlp", "norm: none", "norm: [batch, group]"),
    ("model/mlp", "residual: false", "residual: 0"),
    ("model/mlp", "residual: false", "input_shape: [64]"),
    ("model/resnet", "kernel: 3", "kernel: 0"),
    ("data/digits", "target: class", "target: classes"),
    ("data/digits", "image_shape: [1, 8, 8]", "image_shape: [1, 8, 8.5]"),
    ("data/digits", "name: digits", "rows: 10"),
    ("data/breast_cancer", "binary", "binery"),
    ("data/breast_cancer", "override /task@_global_.task", "overide /task@_global_.task"),
    ("data/csv", "missing: error", "missing: ignore"),
    ("task/binary", "positive_weight: 1.0", "positive_weight: 0"),
    ("task/auto", "label_smoothing: 0.0", "label_smoothing: 1"),
    ("augmentation/affine", "fill: nearest", "fill: mirror"),
    ("optimizer/adam", "lr: 1e-3", "lr: 0"),
    ("optimizer/adam", "lr: 1e-3", "lr: fast"),
    ("optimizer/adam", "betas: [0.9, 0.999]", "betas: [0.9]"),
    ("optimizer/adam", "weight_decay:", "momentum:"),
    ("scheduler/cosine", "interval: epoch", "interval: hour"),
    ("scheduler/cosine", "interval:", "intervall:"),
    ("scheduler/cosine", "eta_min: 0.0", "eta_min: -1"),
    ("scheduler/cosine", "eta_min:", "gamma:"),
    ("callback/early_stopping", "patience:", "patient:"),
    ("callback/early_stopping", "patience: 10", "patience: soon"),
    ("callback/early_stopping", "mode: ${monitor.mode}", "mode: mean"),
    ("callback/progress", "progress:", "progress:\n  every: 2"),
    ("callback/early_stopping", "early_stopping:", "stop_soon:\n  patient: 2"),
    ("logger/wandb", "mode: offline", "mode: away"),
    ("logger/csv", "_partial_: true", "save_dir: here"),
    ("trainer/cpu", "accelerator: cpu", "accelerator: cpus"),
    ("trainer/cpu", "accelerator: cpu", "accelerate: cpu"),
    ("trainer/cpu", "defaults: [auto]", "defaults: [automatic]"),
    ("trainer/auto", "max_epochs: 50", "max_epochs: -2"),
    ("trainer/auto", "max_epochs: 50", "logger: true"),
    ("regularizer/l1", "strength: 1e-3", "strenght: 1e-3"),
    ("regularizer/l1", "strength: 1e-3", "strength: -1"),
    ("regularizer/l1", "penalties:", "penalty:"),
    ("regularizer/grad_clip", "gradient_clip_val: 1.0", "gradient_clip_val: 0"),
    ("regularizer/mixup", "alpha: 0.2", "spec: 0.2"),
    ("regularizer/dropout", "dropout: 0.2", "dropout: [0.2, 2]"),
    ("experiment/mnist", "override /model: mlp", "override /model: mpl"),
    ("experiment/mnist", "override /model: mlp", "override /modle: mlp"),
    ("experiment/mnist", "[dropout]", "dropout"),
    ("experiment/mnist", "metric: val/accuracy", "metrc: val/accuracy"),
    ("experiment/mnist", "trainer: {", "trainr: {"),
    ("experiment/mnist", "monitor: {", "callback: {progress: null}\nmonitor: {"),
    ("experiment/digits", "lr: 0.1", "lr: 0"),
    ("debug/profile", "max_epochs: 3", "max_epochs: three"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "right", "wrong"), SPOILED)
def test_a_mistake_is_told(file: str, right: str, wrong: str, shipped: dict[str, Any]) -> None:
    text = read(file)
    assert right in text
    assert complaints(shipped[file.partition("/")[0]], text.replace(right, wrong)) != []


@cache
def read(file: str) -> str:
    return (CONF / f"{file}.yaml").read_text(encoding="utf-8")


RIGHT = [  # what the checks let pass as well
    ("config", "seed: 0", "seed: ${oc.env:SEED}"),
    ("config", "- debug: null", "- debug: limit"),
    ("config", "check: false", "check: false\nmine: 1"),
    ("model/mlp", "hidden: [64, 64]", "hidden: ???"),
    ("model/mlp", "hidden: [64, 64]", "hidden: [64, '${model.dropout}']"),
    ("model/mlp", "residual: false", "residual: ${model.norm}"),
    ("model/mlp", "activation: relu", "activation: {elu: {alpha: 0.5}}"),
    ("model/mlp", "kindling.model.mlp.MLP", "mine.Network\nwidth: deep"),
    ("model/mlp", "_target_: kindling.model.mlp.MLP", "defaults: [mlp]"),
    ("data/digits", "target: class", "target: real"),
    ("optimizer/adam", "lr: 1e-3", "lr: 1\nmaximize: true"),
    ("scheduler/cosine", "interval: epoch", "interval: step\nfrequency: 2"),
    ("callback/early_stopping", "early_stopping:", "stop_soon:"),
    ("callback/early_stopping", "patience: 10", "patience: 10\n  min_delta: 0.1"),
    ("trainer/cpu", "accelerator: cpu", "devices: [0, 1]"),
    ("logger/tensorboard", "name: tensorboard", "name: mine\n  max_queue: 5"),
    ("regularizer/l1", "penalties:", "model: {dropout: 0.1}\npenalties:"),
    ("experiment/mnist", "override /model: mlp", "override /logger: []"),
    ("experiment/mnist", "override /model: mlp", "override /hydra/job_logging: none"),
    ("experiment/mnist", "monitor: {", "callback: {progress: {}}\nmonitor: {"),
    ("experiment/mnist", "hidden: [512, 256]", "width: 512"),
    ("experiment/mnist", "trainer: {", "hydra: {verbose: true}\ntrainer: {"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "before", "after"), RIGHT)
def test_what_is_right_is_let_pass(file: str, before: str, after: str, shipped: dict[str, Any]) -> None:
    assert complaints(shipped[file.partition("/")[0]], read(file).replace(before, after)) == []


def test_an_editor_shows_meaning_and_value(shipped: dict[str, Any]) -> None:
    by_target = {str(one["if"]): one["then"]["properties"] for one in shipped["optimizer"]["allOf"]}
    adam = next(found for told, found in by_target.items() if "'torch.optim.Adam'" in told)
    assert adam["lr"]["description"] == "above 0"
    assert adam["lr"]["default"] == 0.001
    assert "torch.optim.Adam" in shipped["optimizer"]["properties"]["_target_"]["examples"]
    assert shipped["experiment"]["properties"]["seed"]["description"].startswith("0 to 4294967295")


def test_a_recipe_of_ones_own_declares_nothing(tmp_path: Path) -> None:
    head = "# @package _global_\n# Mine.\n"
    (tmp_path / "experiment").mkdir()
    mine = tmp_path / "experiment" / "mine.yaml"
    mine.write_text(head + "model: {activation: {elu: {alpha: 0.5}}, width: 3}\n")
    schema = schemas(Conf(CONF, beside=tmp_path))["experiment"]
    assert complaints(schema, "model: {activation: relu, width: [3, 3]}") == []
    assert complaints(schema, "model: {activation: rely}") != []
    assert complaints(schema, "defaults: [mine, {override /experiment: mine}]") == []
