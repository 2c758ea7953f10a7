"""What a run says of the rows of its fold."""

import csv
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from kindling.evaluate.out_of_fold import FILE, write_out_of_fold
from tests import stand_in

Fitted = Callable[..., tuple[Any, Any, Any]]


def written(fitted: Fitted, folder: Path, *words: str) -> tuple[list[dict[str, str]], Any, torch.Tensor]:
    """The rows of the file, the split, and what the network says of it."""
    data, module, trainer = fitted("data.folds=4", "data.fold=1", *words)
    write_out_of_fold(data, module, trainer, folder)
    with (folder / FILE).open(newline="") as file:
        rows = list(csv.DictReader(file))
    split = data.splits["val"]
    with torch.inference_mode():
        outputs = module.eval().predict_step(split[:], 0)
    return rows, split, outputs


def test_classes_come_with_all_probabilities(fitted: Fitted, tmp_path: Path) -> None:
    rows, split, outputs = written(fitted, tmp_path, "data=wine")  # wine alone
    names = [f"cultivar_{number}" for number in (1, 2, 3)]
    assert list(rows[0]) == ["row", "target", "prediction", *(f"probability_{name}" for name in names)]
    assert [int(row["row"]) for row in rows] == split.rows.tolist()
    assert [names.index(row["target"]) for row in rows] == split.targets[split.rows].tolist()
    assert [names.index(row["prediction"]) for row in rows] == outputs.argmax(1).tolist()
    found = [[float(row[f"probability_{name}"]) for name in names] for row in rows]
    torch.testing.assert_close(torch.tensor(found), outputs)


def test_two_classes_have_both_probabilities(fitted: Fitted, tmp_path: Path) -> None:
    rows, _, outputs = written(fitted, tmp_path, "data=breast_cancer", "task=binary")
    chances = [name for name in rows[0] if name.startswith("probability_")]
    assert [float(row[chances[1]]) for row in rows] == pytest.approx(outputs.flatten().tolist(), abs=1e-6)
    assert all(sum(float(row[name]) for name in chances) == pytest.approx(1) for row in rows)


def test_numbers_are_in_the_units_of_the_target(fitted: Fitted, tmp_path: Path) -> None:
    rows, split, outputs = written(fitted, tmp_path, "data=diabetes", "trainer.limit_train_batches=20")
    assert list(rows[0]) == ["row", "target", "prediction"]
    targets, predictions = ([float(row[name]) for row in rows] for name in ("target", "prediction"))
    assert targets == split.targets[split.rows].flatten().tolist()
    assert predictions == pytest.approx(outputs.flatten().tolist(), rel=1e-4)
    assert sum(predictions) / len(rows) == pytest.approx(150, abs=60)


def test_a_row_is_told_by_its_number_and_its_name(fitted: Fitted, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    words = stand_in.image_folder(tmp_path / "data")
    rows, split, _ = written(fitted, tmp_path, "data=image_folder", *words)
    assert list(rows[0])[:2] == ["row", "file"]
    assert len({row["file"] for row in rows}) == len(split)


def test_predictions_of_another_kind_are_not_written(
    fitted: Fitted, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data, module, trainer = fitted("data=wine", "data.folds=4")
    module.predict_step = lambda batch, batch_idx: torch.zeros(len(batch[1]), 7)
    with caplog.at_level(logging.WARNING):
        write_out_of_fold(data, module, trainer, tmp_path)
    assert not (tmp_path / FILE).exists()
    assert "out_of_fold.csv: isn't written" in caplog.text
