"""Batches that are counted together give what each by itself would."""

import pytest
import torch
from torchmetrics import MetricCollection
from torchmetrics.classification import MulticlassAccuracy, MulticlassF1Score

import kindling.task.meter
from kindling.task.meter import Meter


def metrics() -> MetricCollection:
    kinds = {"accuracy": MulticlassAccuracy(3, average="micro"), "f1": MulticlassF1Score(3)}
    return MetricCollection(kinds, compute_groups=False)


@pytest.mark.parametrize(("most", "largest"), [(64, 2**20), (3, 2**20), (64, 20)])
def test_it_is_the_mean_over_rows(most: int, largest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kindling.task.meter, "MOST", most)
    monkeypatch.setattr(kindling.task.meter, "LARGEST", largest)
    meter, single = Meter(metrics()), metrics()
    total, rows = 0.0, 0
    for size in (4, 1, 7, 5, 4, 2, 3):
        outputs, targets = torch.rand(size, 3), torch.randint(0, 3, (size,))
        loss = torch.rand(())
        meter.update(loss, outputs, targets)
        single.update(outputs, targets)
        total, rows = total + float(loss) * size, rows + size
        assert len(meter.waiting) < most
        assert meter.size < largest
    found = meter.compute()
    assert found["loss"].item() == pytest.approx(total / rows)
    assert {name: found[name] for name in single} == single.compute()


def test_a_reset_forgets_what_was_still_to_be_counted() -> None:
    meter = Meter(metrics())
    meter.update(torch.tensor(9.0), torch.rand(2, 3), torch.tensor([0, 1]))
    meter.reset()
    meter.update(torch.tensor(1.0), torch.rand(2, 3), torch.tensor([0, 1]))
    assert meter.compute()["loss"] == 1
