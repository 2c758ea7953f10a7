"""Columns as histograms and series as lines, in a figure of matplotlib's."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from torch import Tensor

from kindling.look.facts import shorten
from kindling.look.sample import Sample

ACROSS = 4  # panels beside one another
MOST_COLOURS = 10  # classes that can be told apart
MOST_POINTS = 5_000  # of a line
LETTERS = 24  # above a panel
BEFORE, AFTER = "tab:gray", "tab:orange"
SPLITS = {"train": "tab:gray", "val": "tab:blue", "test": "tab:orange"}


def draw_histograms(figure: Figure, sample: Sample, names: Sequence[str], classes: Sequence[str]) -> None:
    """A panel a column: coloured by class where there are a few classes and no augmentation."""
    rows = -(-len(names) // ACROSS)
    grid = figure.subplots(rows, min(ACROSS, len(names)), squeeze=False)
    for at, (axes, name) in enumerate(zip(grid.flat, names, strict=False)):
        before = sample.before[:, at].float()
        shown = {"all": before}
        if sample.after is not None:
            shown = {"as they are": before, "augmented": sample.after[:, at].float()}
        elif 0 < len(classes) <= MOST_COLOURS:
            shown = {shorten(word): before[sample.targets == each] for each, word in enumerate(classes)}
        count(axes, shown, overlaid=sample.after is not None)
        axes.set_title(shorten(name, LETTERS))
    for axes in grid.flat[len(names) :]:
        axes.set_axis_off()
    figure.supylabel("training rows", fontsize="medium")
    if len(shown) > 1:
        add_legend(figure, grid.flat[0])


def count(axes: Axes, shown: Mapping[str, Tensor], overlaid: bool) -> None:
    """One histogram of groups of rows: on top of one another, or the second as an outline over the first."""
    bins = edges(torch.cat(list(shown.values())))
    colours = [colormaps["tab10"](at) for at in range(len(shown))] if len(shown) > 1 else ["tab:blue"]
    groups = [values.numpy() for values in shown.values()]
    if overlaid:
        before, after = shown
        axes.hist(groups[0], bins, color=BEFORE, alpha=0.6, label=before)
        axes.hist(groups[1], bins, color=AFTER, histtype="step", linewidth=1.4, label=after)
    else:
        axes.hist(groups, bins, stacked=True, color=colours, label=list(shown))
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=bins[1] - bins[0] == 1))
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    axes.spines[["top", "right"]].set_visible(False)


def edges(values: Tensor) -> list[float]:
    """The edges of the bins: a bin a number for few whole numbers, else thirty of them."""
    low, high = float(values.min()), float(values.max())
    if high - low < 30 and bool((values == values.round()).all()):
        return [low - 0.5 + at for at in range(int(high - low) + 2)]
    return list(np.linspace(low, high if high > low else low + 1, 31))


def draw_sequences(figure: Figure | SubFigure, sample: Sample, names: Sequence[str], what: str) -> None:
    """A panel for each column of each sample, against time; `what` is what the labels are."""
    grid = figure.subplots(len(names), len(sample.labels), squeeze=False, sharex=True, sharey="row")
    for at, name in enumerate(names):
        for row, axes in enumerate(grid[at]):
            axes.plot(sample.before[row, :, at].numpy(), color=BEFORE, label="as it is")
            if sample.after is not None:
                axes.plot(sample.after[row, :, at].numpy(), color=AFTER, linewidth=1, label="augmented")
            axes.grid(alpha=0.3)
            axes.yaxis.set_major_locator(MaxNLocator(4))
        grid[at, 0].set_ylabel(shorten(name))
    for row, label in enumerate(sample.labels):
        grid[0, row].set_title(f"{what} {shorten(label, LETTERS)}")
        grid[-1, row].xaxis.set_major_locator(MaxNLocator(4, integer=True))
        grid[-1, row].set_xlabel("step")
    if sample.after is not None:
        add_legend(figure, grid[0, 0])


def draw_series(
    figure: Figure | SubFigure,
    columns: Mapping[str, NDArray[np.float64]],
    spans: Mapping[str, tuple[int, int]],
    dates: Sequence[str],
) -> None:
    """Whole series below one another, in the colour of the split that has to forecast each stretch."""
    grid = figure.subplots(len(columns), 1, squeeze=False, sharex=True)[:, 0]
    for axes, (name, values) in zip(grid, columns.items(), strict=True):
        step = max(1, len(values) // MOST_POINTS)
        for split, (first, end) in spans.items():
            # one point more, so that no gap is seen between two splits that touch
            rows = np.arange(max(0, first - 1), end, step)
            axes.plot(rows, values[rows], color=SPLITS[split], linewidth=1, label=split)
        axes.set_ylabel(shorten(name))
        axes.margins(x=0.01)
        axes.grid(alpha=0.3)
    ticks = np.linspace(0, len(values) - 1, 7).round().astype(int)
    grid[-1].set_xticks(ticks, [dates[tick] if dates else f"{tick:,}" for tick in ticks])
    if not dates:
        grid[-1].set_xlabel("row")
    add_legend(figure, grid[0])


def add_legend(figure: Figure | SubFigure, axes: Axes) -> None:
    """One legend for all panels, above them."""
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=min(5, len(labels)), frameon=False)
