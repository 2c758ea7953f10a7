"""The record: history, picture, results, and a stop at the first number that is not finite."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from kindling.error import ConfigError, NotFiniteError
from kindling.run.record import Record, without_targets

Fitted = Callable[..., tuple[Any, Any, Any]]
WORDS = ["data=wine", "model=mlp", "debug=limit", "trainer.max_epochs=4"]


def record_of(trainer: Any) -> Record:
    return next(callback for callback in trainer.callbacks if isinstance(callback, Record))


def test_there_is_a_row_an_epoch_with_both_splits(fitted: Fitted) -> None:
    *_, trainer = fitted(*WORDS)
    rows = record_of(trainer).rows
    assert [row["epoch"] for row in rows] == [1, 2, 3, 4]
    assert {"train/loss", "train/accuracy", "val/loss", "val/accuracy"} < set(rows[0])


@pytest.mark.parametrize(("metric", "mode", "choose"), [("loss", "min", min), ("accuracy", "max", max)])
def test_the_best_row_is_that_of_the_weights_that_were_kept(
    metric: str, mode: str, choose: Callable[..., Any], fitted: Fitted
) -> None:
    *_, trainer = fitted(*WORDS, f"monitor.metric=val/{metric}", f"monitor.mode={mode}")
    record = record_of(trainer)
    assert record.best[f"val/{metric}"] == choose(row[f"val/{metric}"] for row in record.rows)
    assert record.best[f"val/{metric}"] == pytest.approx(float(trainer.checkpoint_callbacks[-1].best_score))


def test_metrics_json_has_the_best_epoch_and_the_test(fitted: Fitted, tmp_path: Path) -> None:
    data, module, trainer = fitted(*WORDS)
    trainer.test(module, data, verbose=False)
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert metrics["val/loss"] == record_of(trainer).best["val/loss"]
    assert {"test/loss", "test/accuracy", "epoch"} < set(metrics)


def test_the_curves_are_a_picture_with_something_on_it(fitted: Fitted, tmp_path: Path) -> None:
    fitted(*WORDS)
    with Image.open(tmp_path / "curves.png") as picture:
        assert picture.width > 600
        assert len(picture.convert("RGB").getcolors(2**20) or []) > 50


def test_a_loss_that_is_not_finite_stops_before_the_weights_are_spoilt(
    fitted: Fitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[torch.Tensor] = []

    def poisoned(task: Any, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        seen.append(output)
        return output.sum() * (float("nan") if len(seen) == 3 else 0.01)

    monkeypatch.setattr("kindling.task.classification.Classification.loss", poisoned)
    with pytest.raises(NotFiniteError, match="epoch 1, step 3: the training loss is nan, expected a finite"):
        fitted(*WORDS)


def test_a_metric_that_is_not_finite_stops_too(fitted: Fitted, monkeypatch: pytest.MonkeyPatch) -> None:
    def poisoned(task: Any, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        return output.sum() * (1.0 if task.training else float("inf"))

    monkeypatch.setattr("kindling.task.classification.Classification.loss", poisoned)
    with pytest.raises(NotFiniteError, match=r"val/loss is -?(inf|nan)"):
        fitted(*WORDS, "trainer.max_epochs=1")


def test_a_monitor_that_nobody_logs_is_told_at_once(fitted: Fitted) -> None:
    with pytest.raises(ConfigError, match="got val/acuracy; did you mean val/accuracy"):
        fitted(*WORDS, "monitor.metric=val/acuracy", "callback=[early_stopping]")


def test_hyperparameters_are_settings_without_targets() -> None:
    assert without_targets({"model": {"_target_": "x", "hidden": 3}, "seed": 1}) == {
        "model": {"hidden": 3},
        "seed": 1,
    }
