"""The target column picks the task while the words are composed, in a sweep for each job of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from omegaconf import DictConfig

from tests.conftest import Train, runs, status

Composed = Callable[..., DictConfig]


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "t.csv"
    rows = (f"{row % 13}.5,{row % 2},{'abc'[row % 3]}" for row in range(60))
    path.write_text("\n".join(["price,sold,kind", *rows]))
    return f"data.path={path}"


@pytest.mark.parametrize(
    ("target", "task"), [("price", "regression"), ("sold", "binary"), ("kind", "classification")]
)
def test_the_target_picks_the_task(target: str, task: str, table: str, composed: Composed) -> None:
    cfg = composed("data=csv", table, f"data.target={target}")
    assert cfg.task._target_.startswith(f"kindling.task.{task}.")
    assert cfg.data.task == cfg.task._target_


@pytest.mark.parametrize("words", [["task=auto"], []])
def test_auto_may_be_typed_or_not(words: list[str], table: str, composed: Composed) -> None:
    assert ".binary." in composed("data=csv", table, "data.target=sold", *words).task._target_


def test_the_command_line_wins(table: str, composed: Composed) -> None:
    cfg = composed("data=csv", table, "data.target=sold", "task=regression")
    assert ".regression." in cfg.task._target_


def test_a_choice_that_is_bound_to_the_task_is_judged_by_it(table: str, composed: Composed) -> None:
    cfg = composed("data=csv", table, "data.target=sold", "regularizer=[label_smoothing]")
    assert cfg.task.label_smoothing == 0.1
    cfg = composed("data=csv", table, "data.target=sold", "task.class_weights=balanced")
    assert cfg.task.class_weights == "balanced"


def test_what_can_not_be_read_is_left_to_the_job(composed: Composed) -> None:
    cfg = composed("data=csv", "data.path=nothing.csv", "data.target=y")
    assert "_target_" not in cfg.task


def test_each_job_of_a_sweep_has_the_task_of_its_own_target(table: str, train: Train, tmp_path: Path) -> None:
    words = ["data=csv", table, "data.target=price,kind,nothing", "debug=one_batch", "regularizer=[dropout]"]
    result = train("-m", *words)
    assert result.returncode == 7
    assert "#2" in result.stderr
    assert "has no column nothing" in result.stderr
    tasks: list[dict[str, Any]] = [
        yaml.safe_load((run / "config.yaml").read_text())["task"] for run in runs(tmp_path)
    ]
    assert [str(task.get("_target_")).split(".")[-1] for task in tasks] == [
        "Regression",
        "Classification",
        "None",
    ]
    assert [status(run)["exit_code"] for run in runs(tmp_path)] == [0, 0, 3]
