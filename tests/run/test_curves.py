"""The curves are drawn through the points of the rows."""

from pathlib import Path

import pytest
from matplotlib.axes import Axes

from kindling.run.curves import draw_curves


def test_lines_go_through_the_epochs_that_have_a_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    plot = Axes.plot

    def spy(axes: Axes, *args: object, **settings: object) -> object:
        drawn.append((settings["label"], [list(values) for values in args[:2]]))  # type: ignore[call-overload]
        return plot(axes, *args, **settings)  # type: ignore[arg-type]

    monkeypatch.setattr(Axes, "plot", spy)
    rows = [{"epoch": 1, "train/loss": 3.0, "val/loss": 4.0}, {"epoch": 2, "train/loss": 2.0}]
    draw_curves(rows, ["loss"], 1, tmp_path / "curves.png")
    assert drawn == [("training", [[1, 2], [3.0, 2.0]]), ("validation", [[1], [4.0]])]


def test_a_metric_without_points_is_no_error(tmp_path: Path) -> None:
    draw_curves([{"epoch": 1}], ["loss", "accuracy"], 1, tmp_path / "curves.png")
    assert (tmp_path / "curves.png").stat().st_size > 0
