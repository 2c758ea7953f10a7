"""The metrics are those of training, to the last bit, for every kind of data, task and model."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from kindling.error import DataError, NotFiniteError
from kindling.evaluate.evaluation import Evaluation, evaluate
from kindling.evaluate.rows import own_rows
from kindling.module import LitModule
from kindling.predictor import predictor_of
from kindling.run.store import read_checkpoint

Fitted = Callable[..., tuple[Any, Any, Any]]
WHOLE = ["trainer.limit_val_batches=1.0", "trainer.limit_test_batches=1.0", "trainer.max_epochs=2"]
EVERY = "task.metrics=[accuracy,f1,auroc,average_precision,calibration_error]"
KINDS = {
    "ten classes of images": ["data=digits", "model=cnn", EVERY],
    "resnet": ["data=digits", "model=resnet", "trainer.limit_train_batches=2"],
    "mirror images": ["data=digits", "model=whitened", "model.channels=[8]", "model.flip_average=true"],
    "two classes": ["data=breast_cancer", EVERY],
    "averaged weights": ["data=wine", "regularizer=[ema,mixup,batch_norm]", "augmentation=noise"],
    "balanced weights": ["data=wine", "task.class_weights=balanced", "task.label_smoothing=0.1"],
    "layers": [
        "data=wine",  # wine alone
        "model=sequential",
        "model.layers=[{Linear:8},{BatchNorm1d:8},{Dropout:0.5}]",
    ],
    "numbers": ["data=diabetes", "task.metrics=[mae,mse,rmse,r2]", "optimizer=schedule_free"],
    "sequences": ["data=adding_problem", "data.rows=300", "data.steps=8", "model=lstm"],
    "half precision": ["data=wine", "trainer.precision=bf16-mixed"],
}


@pytest.fixture
def tried(fitted: Fitted, tmp_path: Path) -> Callable[..., tuple[dict[str, float], dict[str, Any], Any]]:
    """Train and test as train.py does: the metrics, the best checkpoint and the data."""

    def run(*words: str) -> tuple[dict[str, float], dict[str, Any], Any]:
        data, module, trainer = fitted("model.hidden=[8]" if "model=" not in str(words) else "seed=0", *words)
        best = tmp_path / "checkpoints" / "best.ckpt"
        module.restore(best)
        trainer.test(module, data, verbose=False)
        metrics = json.loads((tmp_path / "metrics.json").read_text())
        return metrics, read_checkpoint(best), data

    return run


def evaluated(state: dict[str, Any], split: str = "test", worst: int = 5) -> Evaluation:
    rows = own_rows(state, split, moved=None, root=None)
    return evaluate(predictor_of(state, Path("best.ckpt"), "cpu"), state, rows, worst)


@pytest.mark.parametrize("kind", KINDS)
def test_both_splits_give_the_metrics_of_training_to_the_last_bit(kind: str, tried: Any) -> None:
    metrics, state, _ = tried(*WHOLE, *KINDS[kind])
    for split in ("test", "val"):
        expected = {name: value for name, value in metrics.items() if name.startswith(f"{split}/")}
        assert evaluated(state, split).metrics == expected
        assert len(expected) >= 2


def test_the_report_counts_every_row_and_agrees_with_the_metrics(tried: Any) -> None:
    _, state, data = tried(*WHOLE, "data=digits", EVERY)
    found = evaluated(state)
    numbers = found.plain()
    assert numbers["rows"] == sum(row["rows"] for row in numbers["classes"]) == len(data.splits["test"])
    right = sum(numbers["confusion"][at][at] for at in range(10))
    assert right / numbers["rows"] == pytest.approx(found.metrics["test/accuracy"])
    assert np.mean([row["f1"] for row in numbers["classes"]]) == pytest.approx(found.metrics["test/f1"])
    assert numbers["calibration_error"] == pytest.approx(found.metrics["test/calibration_error"], abs=1e-6)


def test_the_worst_rows_are_those_of_the_set(tried: Any, tmp_path: Path) -> None:
    _, state, data = tried(*WHOLE, "data=diabetes")
    found = evaluated(state)
    assert found.write(tmp_path / "out", {}) == ["evaluation.json", "residuals.png", "worst.csv"]
    header, *lines = (tmp_path / "out" / "worst.csv").read_text().splitlines()
    assert header.split(",")[:5] == ["row", "true", "predicted", "error", "age"]
    errors = []
    for line in lines:
        row, true, predicted, error, *features = line.split(",")
        inputs, targets = data.splits["test"].inputs[int(row)], data.splits["test"].targets[int(row)]
        assert np.array(features, np.float32).tolist() == inputs.tolist()
        assert float(true) == targets.item()
        assert float(error) == pytest.approx(float(predicted) - float(true), rel=1e-3)
        errors.append(abs(float(error)))
    assert errors == sorted(errors, reverse=True)
    (target,) = found.plain()["targets"]
    assert errors[0] == pytest.approx(target["largest_error"], rel=1e-6)
    assert (target["mae"], target["r2"]) == pytest.approx(
        (found.metrics["test/mae"], found.metrics["test/r2"]), rel=1e-5
    )


@pytest.mark.parametrize(
    ("words", "files"),
    [
        (["data=digits"], {"confusion_matrix.png", "calibration.png", "worst.csv", "worst.png"}),
        (["data=wine"], {"confusion_matrix.png", "calibration.png", "worst.csv"}),
        (
            ["data=adding_problem", "data.rows=200", "data.steps=8"],
            {"residuals.png", "worst.csv", "worst.png"},
        ),
    ],
    ids=["images", "table", "sequences"],
)
def test_every_kind_has_its_pictures(words: list[str], files: set[str], tried: Any, tmp_path: Path) -> None:
    _, state, _ = tried(*WHOLE, *words)
    names = evaluated(state).write(tmp_path / "out", {"checkpoint": "x"})
    assert set(names) == {path.name for path in (tmp_path / "out").iterdir()} == {"evaluation.json", *files}
    for path in (tmp_path / "out").glob("*.png"):
        with Image.open(path) as picture:
            assert len(picture.convert("RGB").getcolors(2**20) or []) > 20
    assert json.loads((tmp_path / "out" / "evaluation.json").read_text())["checkpoint"] == "x"


def test_a_limit_of_the_run_holds_and_is_told(tried: Any) -> None:
    metrics, state, _ = tried("data=wine")  # wine alone
    found = evaluated(state)
    assert found.metrics["test/loss"] == metrics["test/loss"]
    assert list(found.notes()) == ["32 of 36 rows: the run's trainer.limit_test_batches holds"]


def test_other_rows_than_those_of_training_are_refused(tried: Any) -> None:
    _, state, _ = tried("data=wine")
    state["kindling"]["config"]["data"]["seed"] = 1
    with pytest.raises(
        DataError, match=r"data: expected sha256 .* as in training, got .*; bring the data back"
    ):
        own_rows(state, "test", moved=None, root=None)


def test_a_metric_that_is_not_finite_is_told(tried: Any) -> None:
    _, state, _ = tried("data=diabetes")
    state["state_dict"]["task.normalize.scale"].fill_(torch.inf)
    with pytest.raises(NotFiniteError, match=r"test/loss|test/mae"):
        evaluated(state)


def test_steps_that_return_no_predictions_leave_the_metrics_alone(
    tried: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    metrics, state, _ = tried(*WHOLE, "data=wine")  # wine alone
    step = LitModule.test_step
    monkeypatch.setattr(LitModule, "test_step", lambda *arguments: step(*arguments).mean())
    found = evaluated(state)
    assert found.metrics["test/loss"] == metrics["test/loss"]
    assert list(found.notes()) == ["the module's steps return no predictions: there are its metrics alone"]
    assert found.write(tmp_path / "out", {}) == ["evaluation.json"]
    assert found.plain() == {"split": "test", "rows": 36, "metrics": found.metrics}
