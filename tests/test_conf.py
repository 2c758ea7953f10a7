"""Every YAML is found by glob, composed, built and trained."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from omegaconf import DictConfig, OmegaConf

from kindling.build import build
from tests.conftest import CONF, QUIET
from tests.stand_in import stand_in

FILES = sorted(CONF.glob("*/*.yaml"))
OPTIONS = [path for path in FILES if path.parent.name != "hydra"]
LISTS = ("regularizer", "callback", "logger")
EXTRAS = {"logger/mlflow": "mlflow", "logger/wandb": "wandb"}  # the packages of words
NEEDS: dict[str, list[str]] = {  # other words that an option can't go without
    "data/adding_problem": ["data.rows=200", "data.steps=8"],
    "experiment/adding_problem": ["data.rows=200", "data.steps=8"],
    "trainer/ddp": ["trainer.strategy=auto", "trainer.devices=1"],  # its processes: test_several_processes.py
    "trainer/fsdp": ["trainer.strategy=auto", "trainer.devices=1"],  # and tests/trainer/test_fsdp.py
}


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def needed(path: Path, others: list[str]) -> list[str]:
    return NEEDS.get(name(path), others)


def words(path: Path, others: list[str]) -> list[str]:
    group, option = path.parent.name, path.stem
    needs = needed(path, others)
    chosen = f"{group}=[{option}]" if group in LISTS else f"{group}={option}"
    return [*(word for word in QUIET if not word.startswith(f"{group}=")), *needs, chosen]


@pytest.fixture
def files(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words that name the files that an option can't go without."""
    return stand_in(name(path), tmp_path, monkeypatch)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_yaml_is_short_and_says_what_it_is(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 20
    package = "# @package _global_"
    assert package not in lines[1:], "anywhere but on top it silently does nothing"
    described = lines[1] if lines[0] == package else lines[0]
    assert described.startswith("# ")
    assert described[-1] in ".?" or " --" in described or "python train.py" in described


@pytest.mark.parametrize("path", OPTIONS, ids=name)
def test_an_option_trains_one_batch(
    path: Path, files: list[str], composed: Callable[..., DictConfig], tmp_path: Path
) -> None:
    if name(path) == "trainer/gpu" and not torch.cuda.is_available():
        pytest.skip("this machine has no GPU")
    if name(path) in EXTRAS:
        pytest.importorskip(EXTRAS[name(path)], reason="its extra is no part of dev")
    data, module, trainer = build(composed(*words(path, files)), tmp_path)
    trainer.limit_train_batches = trainer.limit_val_batches = trainer.fit_loop.max_epochs = 1
    trainer.fit(module, data)
    assert trainer.global_step >= 1
    assert torch.isfinite(trainer.callback_metrics["train/loss"])


# two are the default, one is all in Hydra's own part, and one becomes another
SILENT = ("trainer/auto", "sweep/grid", "sweep/learning_rate", "task/auto")


@pytest.mark.parametrize("path", [path for path in OPTIONS if path.stem != "none"], ids=name)
def test_an_option_changes_the_configuration(
    path: Path, files: list[str], composed: Callable[..., DictConfig]
) -> None:
    assert changes(path, files, composed) or name(path) in SILENT


def changes(path: Path, files: list[str], composed: Callable[..., DictConfig]) -> bool:
    """Whether an option composes to something else than none of its list, or each of its siblings."""
    group = path.parent.name
    if group in LISTS or group in ("experiment", "debug"):
        others = [composed(f"{group}=[]") if group in LISTS else composed()]
    else:
        files_beside = [other for other in path.parent.glob("*.yaml") if name(other) not in SILENT]
        siblings = [other.stem for other in files_beside if other != path]
        same = files if group == "task" else []  # which name the data
        others = [composed(*same, f"{group}={sibling}") for sibling in siblings]
    shown = plain(composed(*files, words(path, files)[-1]))
    return all(plain(other) != shown for other in others)


def plain(cfg: DictConfig) -> Any:
    found: Any = OmegaConf.to_container(cfg, resolve=True)
    return {key: value for key, value in found.items() if value not in ({}, None)}  # an empty group is none


def test_python_and_configuration_lie_on_the_same_path() -> None:
    source = CONF.parent / "src" / "kindling"
    for path in OPTIONS:
        text = path.read_text(encoding="utf-8")
        own = source / path.parent.name / f"{path.stem}.py"
        assert not own.exists() or f"kindling.{path.parent.name}.{path.stem}." in text


def test_a_placeholder_is_never_null() -> None:
    loaded = [OmegaConf.to_container(OmegaConf.load(path)) for path in OPTIONS]
    merged = {
        key for settings in loaded for key, value in (settings or {}).items() if isinstance(value, dict)
    }
    table = OmegaConf.load(CONF / "config.yaml")
    assert "model" in merged
    assert [key for key, value in table.items() if key in merged and value is None] == []


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_the_data_picks_the_task_and_the_command_line_wins(
    task: str, composed: Callable[..., DictConfig]
) -> None:
    data = {"binary": "breast_cancer", "regression": "diabetes"}[task]
    assert f".{task}." in composed(f"data={data}").task._target_
    assert ".classification." in composed(f"data={data}", "task=classification").task._target_
