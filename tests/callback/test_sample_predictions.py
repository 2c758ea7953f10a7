"""Samples are drawn with what was predicted and what is true."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from kindling.callback import chart
from kindling.callback.sample_predictions import SamplePredictions, spread

Fitted = Callable[..., tuple[Any, Any, Any]]
CHOSEN = ["callback=[sample_predictions]", "trainer.limit_val_batches=1.0"]
SETS = {
    "images": ["data=digits"],
    "table": ["data=breast_cancer"],
    "values": ["data=diabetes"],
    "sequences": ["data=adding_problem", "data.rows=200", "data.steps=8"],
}


@pytest.mark.parametrize("kind", SETS)
def test_every_kind_of_data_has_a_picture(kind: str, fitted: Fitted, tmp_path: Path) -> None:
    fitted(*CHOSEN, *SETS[kind], "logger=[tensorboard]", "trainer.max_epochs=2")
    events = EventAccumulator(str(tmp_path / "tensorboard")).Reload()
    assert len(events.Images("sample_predictions")) == 2
    with Image.open(tmp_path / "sample_predictions.png") as picture:
        assert len(picture.convert("RGB").getcolors(2**20) or []) > 20


def test_a_picture_shows_what_the_weights_say_of_rows_of_the_split(fitted: Fitted) -> None:
    _, module, trainer = fitted(*CHOSEN, "data=digits")
    (found,) = (callback for callback in trainer.callbacks if isinstance(callback, SamplePredictions))
    inputs, targets, predicted = (torch.cat(part) for part in zip(*found.kept, strict=True))
    assert 16 <= len(targets) < 32
    assert len(targets.unique()) > 3
    with torch.no_grad():
        assert torch.allclose(module.eval().predict_step((inputs, targets), 0), predicted, atol=1e-6)


def test_without_a_board_or_an_epoch_nothing_is_drawn_but_the_file(fitted: Fitted, tmp_path: Path) -> None:
    fitted(*CHOSEN, "data=wine", "logger=[]")
    assert {path.name for path in tmp_path.glob("*")} >= {"sample_predictions.png"}
    assert not (tmp_path / "tensorboard").exists()


def test_a_wrong_prediction_is_red_and_says_what_is_true() -> None:
    figure = chart.draw_images(torch.rand(2, 1, 4, 4), [("cat", "cat"), ("dog", "cat")], "epoch 1")
    right, wrong = figure.axes[:2]
    assert (right.get_title(), right.title.get_color()) == ("cat", "black")
    assert (wrong.get_title(), wrong.title.get_color()) == ("dog\n(is cat)", "tab:red")


def test_a_table_has_a_line_a_row() -> None:
    rows, pairs = torch.tensor([[1.5, 2000.0], [2.5, 3.0]]), [("yes", "yes"), ("no", "yes")]
    figure = chart.draw_rows(rows, pairs, torch.tensor([0.9, 0.6]), ("age", "pay"), "epoch 1")
    cells = figure.axes[0].tables[0].get_celld()
    shown = [[cells[line, column].get_text().get_text() for column in range(5)] for line in range(3)]
    assert shown[0] == ["true", "predicted", "probability", "age", "pay"]
    assert shown[1:] == [["yes", "yes", "90.0%", "1.5", "2,000"], ["yes", "no", "60.0%", "2.5", "3"]]
    assert [cells[line, 0].get_text().get_color() for line in (1, 2)] == ["black", "tab:red"]


def test_values_stand_as_points_of_true_and_predicted() -> None:
    predicted, true = torch.tensor([[1.0, 5.0], [2.0, 6.0]]), torch.tensor([[1.5, 5.5], [2.5, 6.5]])
    figure = chart.draw_values(predicted, true, "epoch 1")
    points = [axes.collections[0].get_offsets() for axes in figure.axes]
    assert [[list(point) for point in panel] for panel in points] == [
        [[1.5, 1.0], [2.5, 2.0]],
        [[5.5, 5.0], [6.5, 6.0]],
    ]


def test_numbers_are_spread_over_all_there_are() -> None:
    assert spread(3, 16) == [0, 1, 2]
    assert spread(100, 4) == [0, 25, 50, 75]
    assert spread(0, 4) == []
