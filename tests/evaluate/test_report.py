"""What is said of rows, by hand."""

import numpy as np
import pytest
import torch
from sklearn.metrics import precision_recall_fscore_support

from kindling.data.spec import DataSpec
from kindling.evaluate.chart import draw_calibration, draw_residuals
from kindling.evaluate.classes import ClassReport
from kindling.evaluate.table import tables
from kindling.evaluate.values import ValueReport
from kindling.evaluate.worst import Worst
from kindling.metric.calibration_error import CalibrationError

PETS = DataSpec((2,), "class", 3, ("cat", "dog", "eel"))


def test_each_class_is_scored_as_scikit_learn_scores_it() -> None:
    chances, targets = torch.rand(200, 3).softmax(1), torch.randint(0, 3, (200,))
    report = ClassReport(PETS)
    for part in range(0, 200, 64):
        report.add(chances[part : part + 64], targets[part : part + 64])
    expected = precision_recall_fscore_support(targets, chances.argmax(1), labels=[0, 1, 2])
    names = ("precision", "recall", "f1", "rows")
    for name, values in zip(names, expected, strict=True):
        assert [row[name] for row in report.numbers()["classes"]] == pytest.approx(list(values))


def test_what_has_nothing_to_divide_by_is_nothing() -> None:
    report = ClassReport(PETS)
    report.add(torch.tensor([[0.9, 0.1, 0.0], [0.8, 0.2, 0.0]]), torch.tensor([0, 1]))
    cat, dog, eel = report.numbers()["classes"]
    assert cat == {"class": "cat", "precision": 0.5, "recall": 1.0, "f1": pytest.approx(2 / 3), "rows": 1}
    assert dog == {"class": "dog", "precision": None, "recall": 0.0, "f1": 0.0, "rows": 1}
    assert eel == {"class": "eel", "precision": None, "recall": None, "f1": None, "rows": 0}
    assert report.numbers()["confusion"] == [[1, 0, 0], [1, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize("classes", [2, 3])
def test_calibration_is_that_of_the_metric(classes: int) -> None:
    chances, targets = torch.rand(500, classes).softmax(1), torch.randint(0, classes, (500,))
    outputs = chances[:, 1] if classes == 2 else chances
    report, metric = ClassReport(DataSpec((2,), "class", classes)), CalibrationError()
    report.add(outputs, targets)
    metric.update(outputs, targets)
    assert report.calibration().error == pytest.approx(float(metric.compute()), abs=1e-6)
    axes = draw_calibration(report.calibration(), "test").axes[0]
    assert len(axes.patches) == int((report.calibration().rows > 0).sum())


def test_two_classes_have_the_probability_of_the_second() -> None:
    report = ClassReport(DataSpec((2,), "class", 2, ("no", "yes")))
    facts = report.add(torch.tensor([0.9, 0.2]), torch.tensor([0, 0]))
    assert report.errors(facts).tolist() == pytest.approx([0.9, 0.2])
    found = report.columns(facts)
    assert (found["true"], found["predicted"]) == (["no", "no"], ["yes", "no"])
    assert np.allclose(found["probability"], [0.9, 0.8])
    assert np.allclose(found["probability_of_true"], [0.1, 0.8])
    assert report.pairs(facts) == [("yes", "no"), ("no", "no")]


@pytest.mark.parametrize("outputs", [torch.tensor(0.5), torch.rand(4), torch.rand(4, 2), None])
def test_what_is_no_prediction_does_not_suit(outputs: torch.Tensor | None) -> None:
    assert not ClassReport(PETS).suits(outputs, torch.zeros(4))
    assert ClassReport(PETS).suits(torch.rand(4, 3), torch.zeros(4))


def test_numbers_of_different_units_count_alike() -> None:
    report = ValueReport(DataSpec((2,), "real", 2), ["a", "b"], spread=torch.tensor([1.0, 100.0]))
    facts = report.add(torch.tensor([[1.0, 0.0], [0.0, 50.0]]), torch.zeros(2, 2))
    assert report.errors(facts).tolist() == [0.5, 0.25]
    first, second = report.numbers()["targets"]
    assert first == {"target": "a", "mae": 0.5, "rmse": pytest.approx(0.5**0.5), "bias": 0.5} | {
        "largest_error": 1.0,
        "r2": None,
    }
    assert second["largest_error"] == 50
    assert list(report.columns(facts)) == [
        f"{name}_{at}" for name in ("true", "predicted", "error") for at in (1, 2)
    ]
    assert report.pairs(facts)[0] == ("1, …", "0, …")


def test_residuals_are_points_of_predicted_and_error() -> None:
    true, predicted = torch.tensor([[1.0], [3.0]]), torch.tensor([[2.0], [2.5]])
    above, below = draw_residuals(true, predicted, ["price"], "test").axes
    assert above.collections[0].get_offsets().tolist() == [[1, 2], [3, 2.5]]
    assert below.collections[0].get_offsets().tolist() == [[2, 1], [2.5, -0.5]]
    assert above.get_title() == "price"


def test_the_worst_are_kept_over_batches_in_their_order() -> None:
    errors, worst = torch.rand(100), Worst(7)
    for start in range(0, 100, 9):
        part = errors[start : start + 9]
        worst.add(part, part * 2)
    kept, rows, doubled = worst.rows
    assert rows.tolist() == errors.argsort(descending=True)[:7].tolist()
    assert torch.equal(kept * 2, doubled)
    assert worst.count == 100


def test_of_many_classes_the_table_has_those_that_do_worst() -> None:
    classes = [{"class": f"c{at}", "f1": at / 50 if at else None} for at in range(50)]
    metrics, rows = tables({"metrics": {"test/loss": 0.123456}, "classes": classes, "calibration_error": 0.5})
    assert [one.cells for one in metrics] == [("test/loss", "calibration error"), ("0.1235", "0.5")]
    assert (len(rows[0].cells), rows[0].cells[0], rows[0].cells[-1]) == (40, "c1", "c40")


def test_a_calibration_error_that_is_a_metric_is_told_once() -> None:
    (metrics,) = tables({"metrics": {"test/calibration_error": 0.25}, "calibration_error": 0.5})
    assert [one.cells for one in metrics] == [("test/calibration_error",), ("0.25",)]
