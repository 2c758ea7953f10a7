"""Arrays, as the training's own were before they were folded."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from kindling.data.spec import DataSpec
from kindling.predict.array import usual_batch
from kindling.predictor import load

Fitted = Callable[..., tuple[Any, Any, Any]]


@pytest.mark.parametrize("words", [["data.channels_last=true"], ["data.input_shape=[3,4,5]"]])
def test_arrays_are_folded_and_turned_as_in_training(
    words: list[str], fitted: Fitted, tmp_path: Path
) -> None:
    shape = (60, 4, 5, 3) if "last" in words[0] else (60, 60)
    np.save(tmp_path / "x.npy", np.random.default_rng(0).random(shape))
    np.save(tmp_path / "y.npy", np.arange(120.0).reshape(60, 2))
    paths = [f"data.path={tmp_path}/x.npy", f"data.target_path={tmp_path}/y.npy"]
    parts = fitted("data=npy", "task=regression", "model=mlp", *paths, *words)
    predictor = load(parts[2].checkpoint_callbacks[-1].best)
    assert predictor.predict(tmp_path / "x.npy").shape == (60, 2)
    assert np.array_equal(
        predictor.predict(np.load(tmp_path / "x.npy")), predictor.predict(tmp_path / "x.npy")
    )


@pytest.mark.parametrize(
    ("shape", "device", "rows"),
    [
        ((20,), "cpu", 1024),
        ((28, 28), "cpu", 1024),
        ((3, 32, 32), "cpu", 85),
        ((3, 32, 32), "cuda", 1024),
        ((3, 4000, 4000), "cpu", 1),
    ],
)
def test_a_batch_of_images_fits_a_cache(shape: tuple[int, ...], device: str, rows: int) -> None:
    assert usual_batch(DataSpec(shape, "class", 10), torch.device(device)) == rows


def test_images_are_predicted_in_such_batches(fitted: Fitted, tmp_path: Path) -> None:
    images = np.zeros((100, 3, 32, 32), np.uint8)
    np.save(tmp_path / "x.npy", images)
    np.save(tmp_path / "y.npy", np.arange(100) % 2)
    parts = fitted(
        "data=npy", "model=mlp", f"data.path={tmp_path}/x.npy", f"data.target_path={tmp_path}/y.npy"
    )
    predictor = load(parts[2].checkpoint_callbacks[-1].best, device="cpu")
    assert [len(outputs) for _, outputs in predictor.batches(images)] == [85, 15]
