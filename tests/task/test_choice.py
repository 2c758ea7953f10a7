"""Losses and metrics by name: those of a task, those of a file, and mistakes in one line."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

import kindling.loss
import kindling.metric
from kindling.data.spec import DataSpec
from kindling.error import ConfigError
from kindling.task.binary import Binary
from kindling.task.choice import choose_loss
from kindling.task.classification import Classification
from kindling.task.regression import Regression

THREE = DataSpec((2,), "class", 3)
TWO = DataSpec((2,), "class", 2)
REAL = DataSpec((2,), "real", 2)
WITHIN_LOSS = """
def within(output, target, width=1.0):
    return ((output - target).abs() - width).clamp(min=0).mean(1)
def total(output, target):
    return (output - target).sum()
"""
WITHIN_METRIC = """
import torch
from torchmetrics import Metric
class WithinRange(Metric):
    def __init__(self, num_classes, width=1.0):
        super().__init__()
        self.width, self.num_classes = width, num_classes
        self.add_state("hits", torch.tensor(0.0), dist_reduce_fx="sum")
    def update(self, predicted, target):
        self.hits += ((predicted - target).abs() < self.width).sum()
    def compute(self):
        return self.hits
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Files of the user's, as if they lay in the folders of the package."""
    for package, name, text in (
        (kindling.loss, "within", WITHIN_LOSS),
        (kindling.loss, "total", "from kindling.loss.within import total"),
        (kindling.loss, "hinge", "def hinge(output, target):\n    return output[:, 0]"),
        (kindling.loss, "empty", ""),
        (kindling.metric, "within_range", WITHIN_METRIC),
    ):
        folder = tmp_path / package.__name__.rpartition(".")[2]
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.py").write_text(text)
        monkeypatch.setattr(package, "__path__", [*package.__path__[:1], str(folder)])
    importlib.invalidate_caches()
    yield
    for name in ("loss.within", "loss.total", "loss.hinge", "loss.empty", "metric.within_range"):
        sys.modules.pop(f"kindling.{name}", None)


@pytest.mark.usefixtures("own")
def test_a_file_of_that_name_is_found_with_its_settings() -> None:
    task = Regression(REAL, loss={"within": {"width": 0.5}}, metrics=["mae", {"within_range": {"width": 3}}])
    assert task.loss(torch.full((4, 2), 2.0), torch.zeros(4, 2)) == 1.5
    metric: Any = task.metrics["on_val"]
    metric.update(torch.tensor([[2.0, 4.0]]), torch.zeros(1, 2))
    assert metric.compute()["within_range"] == 1
    classes: Any = Classification(THREE, metrics=["within_range"]).metrics["on_val"]
    assert classes["within_range"].num_classes == 3


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    ("loss", "message"),
    [
        ("withim", r"expected one of mse, mae, huber, total, within; got withim; did you mean within\?"),
        ("empty", r"empty\.py: expected a function empty, got none of that name"),
        ("total", r"task\.loss\.total: expected one loss a row \(2,\), got \(\)"),
        ({"within": {"widht": 1}}, r"task\.loss\.within\.widht: no such setting; it takes width"),
    ],
)
def test_a_file_that_would_not_do_is_told(loss: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=message.replace("huber, ", "huber, (?:empty, |hinge, )*")):
        Regression(REAL, loss=loss)


@pytest.mark.usefixtures("own")
def test_smoothing_of_a_loss_that_knows_none_is_told() -> None:
    Classification(THREE, loss="hinge")
    with pytest.raises(ConfigError, match=r"^task\.label_smoothing: task\.loss=hinge takes no smoothing; "):
        Classification(THREE, loss="hinge", label_smoothing=0.1)


@pytest.mark.parametrize(
    ("task", "words", "message"),
    [
        (
            Binary,
            {"loss": "focl"},
            "task.loss: expected one of cross_entropy, focal; got focl; did you",
        ),
        (Regression, {"loss": "focal"}, "task.loss: expected one of mse, mae, huber; got focal"),
        (Binary, {"loss": {"focal": {"gama": 1}}}, "task.loss.focal.gama: no such setting; it takes gamma"),
        (Binary, {"loss": {"focal": {"gamma": -1}}}, "task.loss.focal: expected gamma of 0 or more, got -1"),
        (Binary, {"loss": {"focal": {"smoothing": 1}}}, "task.loss.focal.smoothing: no such setting"),
        (Binary, {"loss": {"cross_entropy": {"a": 1}}}, "task.loss.cross_entropy.a: .*; it takes none"),
        (Binary, {"loss": ["focal", "focal"]}, "task.loss: expected one loss, got 2"),
        (Binary, {"loss": "os.path"}, "task.loss: expected one of .*; got os.path"),
        (Regression, {"loss": {"huber": {"delta": 0}}}, "task.loss.huber: expected delta above 0, got 0"),
        (Regression, {"metrics": []}, "task.metrics: expected one metric or more, got none"),
        (Regression, {"metrics": ["mae", "mae"]}, "task.metrics: expected each metric once, got mae twice"),
        (Regression, {"metrics": ["f1"]}, "task.metrics: expected one of mae, mse, r2, rmse; got f1"),
        (Binary, {"metrics": ["acuracy"]}, "task.metrics: .*; got acuracy; did you mean accuracy"),
        (Binary, {"metrics": ["top_k"]}, "task.metrics: expected one of accuracy, f1, auroc, .*; got top_k"),
        (Binary, {"metrics": ["confusion_matrix"]}, r".*no single number; .*callback=\[confusion_matrix\]"),
        (
            Classification,
            {"metrics": [{"top_k": {"k": 3}}]},
            "task.metrics.top_k: expected k from 1 to 2",
        ),
        (
            Classification,
            {"metrics": [{"auroc": {"average": "micro"}}]},
            "task.metrics.auroc.average: no",
        ),
        (Classification, {"metrics": [{"f1": {"num_classes": 2}}]}, "task.metrics.f1.num_classes: no such"),
    ],
)
def test_a_mistake_is_told_in_one_line(task: Any, words: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=f"^{message}") as caught:
        task({Binary: TWO, Classification: THREE, Regression: REAL}[task], **words)
    assert "\n" not in str(caught.value)


def test_the_first_metric_is_the_main_one_and_the_order_stays() -> None:
    task = Classification(THREE, metrics=["f1", {"top_k": {"k": 2}}, "accuracy"])
    assert task.main_metric == "f1"
    metrics: Any = task.metrics["on_val"]
    metrics.update(torch.softmax(torch.randn(8, 3), 1), torch.arange(8) % 3)
    assert list(metrics.compute()) == ["f1", "top_k", "accuracy"]
    assert Binary(TWO, metrics="auroc").main_metric == "auroc"


def test_each_stage_counts_for_itself() -> None:
    metrics: Any = Regression(REAL, metrics=["mae"]).metrics
    metrics["on_train"].update(torch.ones(1, 2), torch.zeros(1, 2))
    metrics["on_val"].update(torch.zeros(1, 2), torch.zeros(1, 2))
    assert (metrics["on_train"].compute()["mae"], metrics["on_val"].compute()["mae"]) == (1, 0)


def test_a_setting_without_a_default_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def far(output: Tensor, target: Tensor, distance: float) -> Tensor:
        return (output - target).abs().sum(1) * distance

    trial = torch.zeros(2, 1), torch.zeros(2, 1)
    with pytest.raises(ConfigError, match=r"^task\.loss\.far: needs distance; write \{far:\{distance:…\}\}$"):
        choose_loss("far", {"far": far}, "real", trial)
    assert choose_loss({"far": {"distance": 2.0}}, {"far": far}, "real", trial)
