"""Every validation row is counted once, by its true and its predicted class."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from kindling.callback.chart import draw_confusion
from kindling.callback.confusion_matrix import ConfusionMatrix
from kindling.error import ConfigError

Fitted = Callable[..., tuple[Any, Any, Any]]
CHOSEN = "callback=[confusion_matrix]"


def whole(*words: str) -> list[str]:
    """Two epochs that see all of the validation split."""
    return [CHOSEN, "trainer.max_epochs=2", "trainer.limit_val_batches=1.0", *words]


@pytest.mark.parametrize("words", [["data=wine"], ["data=breast_cancer", "data.batch_size=50"]], ids=" ".join)
def test_it_counts_the_whole_split_as_the_weights_predict_it(words: list[str], fitted: Fitted) -> None:
    data, module, trainer = fitted(*whole(*words))
    (found,) = (callback for callback in trainer.callbacks if isinstance(callback, ConfusionMatrix))
    inputs, targets = data.splits["val"][:]
    with torch.no_grad():
        chances = module.eval().predict_step((inputs, targets), 0)
    predicted = chances.argmax(1) if chances.ndim == 2 else chances.round().long()
    expected = torch.zeros(data.spec.num_targets, data.spec.num_targets, dtype=torch.long)
    expected.index_put_((targets, predicted), torch.tensor(1), accumulate=True)
    assert torch.equal(found.counts, expected)


def test_tensorboard_has_a_picture_an_epoch_and_the_folder_the_last(fitted: Fitted, tmp_path: Path) -> None:
    fitted(*whole("data=wine", "logger=[tensorboard]"))
    events = EventAccumulator(str(tmp_path / "tensorboard")).Reload()
    assert len(events.Images("confusion_matrix")) == 2
    with Image.open(tmp_path / "confusion_matrix.png") as picture:
        assert picture.width > 400


def test_without_tensorboard_there_is_the_file_alone(fitted: Fitted, tmp_path: Path) -> None:
    fitted(*whole("data=wine", "logger=[csv]"))
    assert (tmp_path / "confusion_matrix.png").exists()
    assert not (tmp_path / "tensorboard").exists()


def test_numbers_to_predict_are_refused_in_one_line(fitted: Fitted) -> None:
    with pytest.raises(ConfigError, match="needs classes; the data has numbers to predict; leave it out"):
        fitted(CHOSEN, "data=diabetes")


@pytest.mark.parametrize("classes", [2, 10, 100])
def test_classes_stand_by_name_on_both_sides(classes: int) -> None:
    counts = torch.eye(classes, dtype=torch.long) * 3
    counts[0, 1] = 1
    names = [f"class {at}" for at in range(classes)]
    axes = draw_confusion(counts, names, "epoch 7").axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == names
    assert [label.get_text() for label in axes.get_xticklabels()] == names
    share = 3 * classes / (3 * classes + 1)
    assert axes.get_title() == f"epoch 7: {share:.1%} of {3 * classes + 1} rows are right"
    assert np.asarray(axes.images[0].get_array())[0, :2] == pytest.approx([0.75, 0.25])
    assert len(axes.texts) == (classes + 1 if classes <= 30 else 0)
