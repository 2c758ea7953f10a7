"""The pictures of an evaluation; only imported when one is due."""

from collections.abc import Sequence

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from torch import Tensor

from kindling.callback.chart import MOST_PANELS
from kindling.callback.sample_predictions import spread
from kindling.evaluate.classes import Calibration
from kindling.look.facts import shorten
from kindling.look.picture import STYLE, blank

MOST_POINTS = 5000


def draw_calibration(found: Calibration, title: str) -> Figure:
    """Confidence against accuracy, with how far they are apart in red, above the number of rows."""
    bins = len(found.rows)
    edges, width = np.arange(bins) / bins, 1 / bins
    there = (found.rows > 0).numpy()
    sure, right = found.confidence.numpy()[there], found.accuracy.numpy()[there]
    with rc_context(STYLE):
        figure = blank(5, 5.8)
        figure.suptitle(f"{title}: expected calibration error {found.error:.1%}")
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
        above.plot([0, 1], [0, 1], color="tab:gray", linestyle=":", label="calibrated")
        above.bar(edges[there], right, width, align="edge", color="tab:blue", alpha=0.5, edgecolor="white")
        above.vlines(sure, np.minimum(sure, right), np.maximum(sure, right), color="tab:red", label="error")
        above.plot(sure, right, "o", color="tab:blue", markersize=4, clip_on=False, label="mean of a bin")
        above.set(ylabel="share that is right", xlim=(0, 1), ylim=(0, 1.02))
        below.bar(edges, found.rows.numpy(), width, align="edge", color="tab:gray", edgecolor="white")
        below.set(xlabel="probability of the predicted class", ylabel="rows")
        for axes in (above, below):
            axes.grid(alpha=0.3)
        figure.legend(loc="outside lower center", ncols=3, frameon=False)
    return figure


def draw_residuals(true: Tensor, predicted: Tensor, names: Sequence[str], title: str) -> Figure:
    """Predicted against true values (rows, targets), above the errors; a column a number to predict."""
    panels, rows = min(MOST_PANELS, true.shape[1]), spread(len(true), MOST_POINTS)
    more = f", the first {panels} of {true.shape[1]} numbers" if true.shape[1] > panels else ""
    with rc_context(STYLE):
        figure = blank(max(4.6, 3.4 * panels), 6.4)
        figure.suptitle(f"{title}: {len(true):,} rows{more}")
        grid = figure.subplots(2, panels, squeeze=False)
        for at, (above, below) in enumerate(grid.T):
            is_, told = true[rows, at].numpy(), predicted[rows, at].numpy()
            middle = float(is_.mean())
            above.axline((middle, middle), slope=1, color="tab:gray", linestyle=":")
            above.set_title(shorten(names[at]))
            below.axhline(0, color="tab:gray", linestyle=":")
            scatter(above, is_, told, "true", "" if at else "predicted")
            scatter(below, told, told - is_, "predicted", "" if at else "predicted - true")
    return figure


def scatter(axes: Axes, across: NDArray[np.float32], up: NDArray[np.float32], x: str, y: str) -> None:
    """Points that show where many lie."""
    axes.scatter(across, up, s=12, alpha=min(0.6, max(0.1, 200 / len(across))), linewidths=0)
    axes.set(xlabel=x, ylabel=y)
    axes.xaxis.set_major_locator(MaxNLocator(4))  # large numbers beside one another
    axes.grid(alpha=0.3)
