"""The words of a task on the command line: they train, and task=auto takes them as well."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from omegaconf import DictConfig

from kindling.check.words import plain
from tests.conftest import SMALL, Train, runs, status

Fitted = Callable[..., tuple[Any, Any, Any]]


def test_a_metric_that_is_monitored_trains(train: Train, tmp_path: Path) -> None:
    words = ["task.metrics=[f1,accuracy,auroc]", "task.loss={focal:{gamma:1.5}}", "logger=[]"]
    result = train(*SMALL, *words, "monitor.metric=val/f1", "monitor.mode=max", "trainer=cpu")
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    assert status(runs(tmp_path)[0])["exit_code"] == 0
    best = next(line for line in result.stdout.splitlines() if line.startswith("best epoch"))
    assert best.index("val/f1") < best.index("val/accuracy") < best.index("val/auroc")


@pytest.mark.parametrize(
    "words",
    [
        ["data=digits", "task.metrics=[auroc,average_precision,f1,{top_k:{k:2}},calibration_error]"],
        ["data=breast_cancer", "task.metrics=[auroc,average_precision,f1]", "task.positive_weight=2"],
        ["data=diabetes", "task.metrics=[rmse,r2]", "task.loss={huber:{delta:0.5}}"],
    ],
)
def test_one_batch_of_each_split_has_finite_metrics_and_no_warning(words: list[str], fitted: Fitted) -> None:
    _, module, trainer = fitted("model=mlp", "data.batch_size=3", *words)
    logged = {name for name in trainer.callback_metrics if name.startswith("val/")}
    assert logged == {"val/loss", *(f"val/{name}" for name in module.task.metrics["on_val"].order)}


def test_smoothing_is_no_setting_for_numbers(mistakes: Callable[..., str]) -> None:
    told = mistakes("data=diabetes", "regularizer=[label_smoothing]")
    assert told.startswith(
        "regularizer=[label_smoothing]: sets task.label_smoothing, but task=regression has no"
    )


def test_auto_takes_the_words_of_the_task_that_is_found(
    composed: Callable[..., DictConfig], tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["a,sold,price", *(f"{row},{row % 2},{row / 3}" for row in range(60))]))
    data = ["data=csv", f"data.path={path}"]
    words = ["task.loss={focal:{gamma:1}}", "task.metrics=[auroc,f1]", "task.positive_weight=2"]
    task = plain(composed(*data, "data.target=sold", *words))["task"]
    assert task["_target_"].endswith("Binary")
    assert (task["loss"], task["metrics"]) == ({"focal": {"gamma": 1}}, ["auroc", "f1"])
    task = plain(composed(*data, "data.target=price", "task.loss=mae", "task.metrics=[rmse]"))["task"]
    assert task["_target_"].endswith("Regression")
    assert (task["loss"], task["metrics"]) == ("mae", ["rmse"])
    untold = plain(composed(*data, "data.target=price"))["task"]
    assert (untold["loss"], untold["metrics"]) == ("mse", ["mae", "mse", "r2"])
