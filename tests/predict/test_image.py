"""Image files as training read its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from kindling.error import DataError
from kindling.predictor import load
from tests.stand_in import stand_in

Fitted = Callable[..., tuple[Any, Any, Any]]


def test_images_are_brought_to_the_trainings_colours_and_size(
    fitted: Fitted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = stand_in("data/image_folder", tmp_path, monkeypatch)
    resized = load(fitted("data=image_folder", *words, "data.size=6")[2].checkpoint_callbacks[-1].best)
    as_they_are = load(fitted("data=image_folder", *words)[2].checkpoint_callbacks[-1].best, batch_size=3)
    deep = tmp_path / "deep" / "er"
    deep.mkdir(parents=True)
    Image.new("L", (20, 10), 7).save(deep / "1.jpg")
    Image.new("RGBA", (8, 8)).save(tmp_path / "deep" / "2.webp")
    (deep / "Thumbs.db").touch()
    assert resized.predict(tmp_path / "deep").shape == (2, 2)
    assert as_they_are.predict([tmp_path / "deep" / "2.webp"] * 5).shape == (5, 2)
    assert as_they_are.predict(tmp_path / "photos").shape == (40, 2)
    with pytest.raises(DataError, match=r"1\.jpg: expected height × width 8×8, got 10×20; resize it"):
        as_they_are.predict(tmp_path / "deep")
    (deep / "notes.txt").write_text("no image")
    with pytest.raises(DataError, match=r"notes\.txt: expected an image, got a foreign or damaged file"):
        resized.predict(tmp_path / "deep")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="expected images, got none"):
        resized.predict(tmp_path / "empty")


def test_white_is_the_largest_value_that_training_has(fitted: Fitted, tmp_path: Path) -> None:
    predictor = load(fitted("data=digits")[2].checkpoint_callbacks[-1].best)
    pixels = torch.arange(64).reshape(1, 8, 8) % 2 * 255
    Image.fromarray(pixels[0].numpy().astype(np.uint8)).save(tmp_path / "digit.png")
    expected = predictor.predict((pixels / 255 * 16)[None])
    np.testing.assert_allclose(predictor.predict(tmp_path / "digit.png"), expected, rtol=1e-6)
