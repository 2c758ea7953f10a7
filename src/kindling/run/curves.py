"""The picture of a run: loss, main metric and learning rate against the epoch."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Row = dict[str, float]
COLOURS = {"train": "tab:gray", "val": "tab:blue"}
LABELS = {"train": "training", "val": "validation"}
RATE = "learning_rate"
WIDTH, HEIGHT = 5, 3.6  # inches of a panel
DECADE = 10.0  # rates further apart than this are drawn on a logarithmic axis


def draw_curves(rows: Sequence[Row], metrics: Sequence[str], best_epoch: int, path: Path) -> None:
    """One panel a metric, with the epoch that was kept marked; rows carry `epoch` and `split/metric`.

    The learning rate has a panel of its own where the rows have it.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # it takes 0.3 s: only when a picture is due
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    panels = [*metrics, *([RATE] if any(RATE in row for row in rows) else [])]
    figure = Figure(figsize=(WIDTH * len(panels), HEIGHT), dpi=120)
    FigureCanvasAgg(figure)
    for axes, panel in zip(beside_one_another(figure, len(panels)), panels, strict=True):
        if panel == RATE:
            draw_rate(axes, rows)
        else:
            for split in COLOURS:
                draw_line(axes, rows, f"{split}/{panel}", LABELS[split], COLOURS[split])
        axes.axvline(best_epoch, color="tab:orange", linestyle=":", label=f"kept (epoch {best_epoch})")
        axes.set_xlabel("epoch")
        axes.set_title(panel.replace("_", " "), y=1.0)  # else matplotlib would look what is in its way
        if len(rows) == 1:  # else the axis would show parts of an epoch
            axes.set_xlim(best_epoch - 1, best_epoch + 1)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(path)


def beside_one_another(figure: "Figure", panels: int) -> "Sequence[Axes]":
    """Axes in a row; matplotlib's own layout would draw everything twice."""
    left, right, bottom, top = 0.7, 0.15, 0.5, 0.35  # inches around each
    width = WIDTH * panels
    margins = {"left": left / width, "right": 1 - right / width}
    heights = {"bottom": bottom / HEIGHT, "top": 1 - top / HEIGHT}
    grid = {**margins, **heights, "wspace": (left + right) / (WIDTH - left - right)}
    found: Sequence[Axes] = figure.subplots(1, panels, squeeze=False, gridspec_kw=grid)[0]
    return found


def draw_rate(axes: "Axes", rows: Sequence[Row]) -> None:
    """The rate as each epoch began."""
    draw_line(axes, rows, RATE, "as the epoch began", "tab:green")
    rates = [row[RATE] for row in rows if row.get(RATE, 0) > 0]
    if rates and max(rates) > DECADE * min(rates):
        axes.set_yscale("log")


def draw_line(axes: "Axes", rows: Sequence[Row], key: str, label: str, colour: str) -> None:
    """The epochs that have a value."""
    points = [(row["epoch"], row[key]) for row in rows if key in row]
    marker = "o" if len(points) == 1 else ""
    axes.plot(*zip(*points, strict=True) if points else ([], []), marker, color=colour, label=label)
