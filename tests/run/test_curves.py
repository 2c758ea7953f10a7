"""The curves are drawn through the points of the rows."""

from pathlib import Path

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

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


@pytest.mark.parametrize(
    ("rates", "scale"), [([0.1, 0.1], "linear"), ([0.1, 0.05], "linear"), ([0.1, 1e-4], "log")]
)
def test_the_learning_rate_has_a_panel_where_it_was_recorded(
    rates: list[float], scale: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, _: figures.append(figure))
    rows = [{"epoch": at + 1.0, "val/loss": 1.0, "learning_rate": rate} for at, rate in enumerate(rates)]
    draw_curves(rows, ["loss", "accuracy"], 1, tmp_path / "curves.png")
    draw_curves([{"epoch": 1.0}], ["loss", "accuracy"], 1, tmp_path / "curves.png")
    assert [len(figure.axes) for figure in figures] == [3, 2]
    panel = figures[0].axes[2]
    assert (panel.get_title(), panel.get_yscale()) == ("learning rate", scale)
    assert list(panel.lines[0].get_ydata()) == rates  # type: ignore[arg-type]
