"""The picture of a set: what is drawn are its values, and the file can be made again."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from PIL import Image
from torch import Tensor

from kindling.augmentation.affine import Affine
from kindling.augmentation.base import Augmentation
from kindling.augmentation.crop_flip import CropFlip
from kindling.augmentation.noise import Noise
from kindling.data.adding_problem import AddingProblem
from kindling.data.base import DataModule
from kindling.data.blobs import Blobs
from kindling.data.bundled import Bundled
from kindling.data.loader import Split
from kindling.data.spec import DataSpec
from kindling.data.timeseries import TimeSeries
from kindling.look.picture import draw, save_picture, shades
from kindling.look.sample import pick
from tests.conftest import PROJECT


class Given(DataModule):
    """Rows as a test gives them."""

    def __init__(self, spec: DataSpec, inputs: Tensor) -> None:
        super().__init__()
        self.spec, self.rows = spec, Split(inputs, torch.arange(len(inputs)) % 2)
        self.setup()

    def load(self) -> Split:
        return self.rows


def ready(data: DataModule, kind: type[Augmentation] = Augmentation) -> tuple[DataModule, Augmentation]:
    data.setup()
    augmentation = kind(data.spec)
    augmentation.adopt(data.statistics)
    return data, augmentation


def digits() -> Bundled:
    return Bundled("digits", "class", [1, 8, 8])


def titles(figure: Figure) -> list[str]:
    return [axes.get_title() for axes in figure.axes if axes.get_title()]


def test_images_are_shown_under_their_class() -> None:
    data, augmentation = ready(digits())
    figure = draw(data, augmentation)
    sample = pick(data, augmentation, 32)
    assert titles(figure) == [str(int(target)) for target in sample.targets]
    shown: Any = [axes.images[0].get_array() for axes in figure.axes]
    assert np.allclose(shown[5] * 16, sample.before[5, 0])
    assert all(axes.images[0].get_interpolation() == "nearest" for axes in figure.axes)


def test_an_image_stands_above_what_becomes_of_it() -> None:
    data, augmentation = ready(digits(), CropFlip)
    figure = draw(data, augmentation)
    sample = pick(data, augmentation, 16)
    assert sample.after is not None
    shown: Any = [axes.images[0].get_array() for axes in figure.axes]
    assert len(shown) == 32
    for row, column in ((0, 3), (1, 6)):
        before, after = (shown[(2 * row + below) * 8 + column] * 16 for below in (0, 1))
        assert np.allclose(before, sample.before[row * 8 + column, 0])
        assert np.allclose(after, sample.after[row * 8 + column, 0])


def test_fewer_images_than_places_are_no_error() -> None:
    data = Given(DataSpec((3, 40, 90), "class", 2, ("$a_$", "b" * 30)), torch.rand(20, 3, 40, 90))
    assert len(titles(draw(data, Augmentation(data.spec)))) == len(data.splits["train"])
    assert len(titles(draw(data, CropFlip(data.spec)))) == len(data.splits["train"])


def test_shades_keep_to_the_scale_of_the_set() -> None:
    grey = torch.tensor([0.0, 4.0, 8.0, 20.0]).reshape(1, 1, 2, 2)
    assert shades(grey, grey[..., :1]).flatten().tolist() == [0, 0.5, 1, 1]
    colour = torch.zeros(1, 3, 2, 2, dtype=torch.uint8)
    colour[0, 1] = 255
    assert shades(colour, colour)[0, 0, 0].tolist() == [0, 1, 0]
    assert shades(torch.rand(1, 5, 2, 3), torch.rand(1)).shape == (1, 2, 3)


def test_columns_are_counted_by_class() -> None:
    data, augmentation = ready(Bundled("wine", "class"))
    figure = draw(data, augmentation)
    names = titles(figure)
    assert names[:2] == ["alcohol", "malic_acid"]
    assert len(names) == 12
    heights = sum(bar.get_height() for bar in figure.axes[0].patches)  # type: ignore[attr-defined]
    assert heights == len(data.splits["train"])
    assert [text.get_text() for text in figure.legends[0].get_texts()] == list(data.spec.class_names)


def test_columns_and_what_noise_makes_of_them_are_overlaid() -> None:
    figure = draw(*ready(Blobs(rows=90, features=2, classes=3), Noise))
    assert titles(figure) == ["column 0", "column 1"]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["as they are", "augmented"]


def test_sequences_are_drawn_against_time() -> None:
    data, augmentation = ready(AddingProblem(rows=60, steps=7), Noise)
    figure = draw(data, augmentation)
    sample = pick(data, augmentation, 4)
    assert sample.after is not None
    before, after = (line.get_ydata() for line in figure.axes[5].lines)
    assert np.allclose(before, sample.before[1, :, 1])
    assert np.allclose(after, sample.after[1, :, 1])
    assert all(title.startswith("target ") for title in titles(figure))


@pytest.mark.parametrize("kind", [Augmentation, Noise])
def test_a_series_is_drawn_whole_in_the_colours_of_its_splits(
    kind: type[Augmentation], tmp_path: Path
) -> None:
    lines = (f"{1900 + row}-01-01,{row * row}" for row in range(100))
    (tmp_path / "s.csv").write_text("\n".join(["day,sales", *lines]))
    data, augmentation = ready(TimeSeries(str(tmp_path / "s.csv"), "sales", steps=4), kind)
    figure = draw(data, augmentation)
    train, val, test = figure.axes[0].lines
    assert [line.get_label() for line in (train, val, test)] == ["train", "val", "test"]
    rows = np.concatenate([np.asarray(line.get_xdata()) for line in (train, val, test)])
    assert set(rows.astype(int)) == set(range(100))
    first_forecast = data.splits["val"].targets[data.splits["val"].rows[0], 0]
    assert np.asarray(val.get_ydata())[1] == first_forecast  # one point before it joins the lines
    assert figure.axes[0].get_xticklabels()[0].get_text() == "1900-01-01"
    assert len(figure.axes) == (1 if kind is Augmentation else 5)


def test_names_in_any_script_are_drawn(tmp_path: Path) -> None:
    data = Given(DataSpec((2,), "class", 2, ("猫", "$x_$"), ("$a_$b", "размер")), torch.randn(40, 2))
    save_picture(data, Augmentation(data.spec), tmp_path / "x.png")
    assert painted(tmp_path / "x.png") > 0.02


def painted(path: Path) -> float:
    """The share of the pixels that are not white."""
    return float((np.asarray(Image.open(path).convert("L")) < 250).mean())


def test_the_picture_of_the_readme_is_fresh(tmp_path: Path) -> None:
    """To renew it: scripts/show_data.py data=digits augmentation=affine --output .github/augmentation.png."""
    kept = PROJECT / ".github" / "augmentation.png"
    for name in ("one.png", "two.png"):
        save_picture(*ready(digits(), Affine), tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
    assert kept.stat().st_size < 120_000
    made, old = (np.asarray(Image.open(path).convert("L"), float) for path in (tmp_path / "one.png", kept))
    assert made.shape == old.shape
    assert np.abs(made - old).mean() < 0.03 * 255  # another font, or another rounding
    assert painted(kept) > 0.5
