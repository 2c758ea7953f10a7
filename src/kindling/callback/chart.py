"""Predictions as figures of matplotlib's; only imported when one is due."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from numpy.typing import NDArray
from torch import Tensor

from kindling.look.facts import number, shorten
from kindling.look.picture import CLOSE, CRISP, STYLE, blank, shades
from kindling.source.whole import written_whole

ACROSS = 8  # images beside one another
SEQUENCES = 4
MOST_PANELS = 4  # numbers to predict
MOST_COLUMNS = 6  # of a table
MOST_COUNTS = 30  # classes whose counts are written into their squares
LETTERS = 14
RIGHT, WRONG = "black", "tab:red"
Pair = tuple[str, str]  # predicted and true class


def save(figure: Figure, path: Path) -> None:
    """Write a figure into a PNG file."""
    with rc_context(STYLE), warnings.catch_warnings(), written_whole(path) as file:
        warnings.filterwarnings("ignore", "Glyph .* missing")  # names may be in any script
        figure.savefig(file, format="png", metadata={"Software": None})


def pixels(figure: Figure) -> NDArray[np.uint8]:
    """A figure as an image (height, width, 3)."""
    canvas: Any = figure.canvas
    with rc_context(STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")
        canvas.draw()
    drawn: NDArray[np.uint8] = np.asarray(canvas.buffer_rgba())[..., :3]
    return drawn


def draw_confusion(counts: Tensor, names: Sequence[str], title: str) -> Figure:
    """True classes (down) by predicted ones (across): the colour is the share of the true class's rows."""
    shares = (counts / counts.sum(1, keepdim=True).clamp(min=1)).numpy()
    side = min(14.0, max(4.0, 2 + 0.34 * len(names)))
    right = f"{float(counts.trace() / counts.sum().clamp(min=1)):.1%} of {int(counts.sum()):,} rows are right"
    with rc_context(STYLE):
        figure = blank(side + 0.8, side)
        axes = figure.subplots()
        shown = axes.imshow(shares, "Blues", vmin=0, vmax=1)
        figure.colorbar(shown, shrink=0.7, label="share of the true class")
        size = 9 if len(names) <= MOST_COUNTS else max(4, 9 * MOST_COUNTS / len(names) + 2)
        words = [shorten(name, LETTERS) for name in names]
        turned = len(names) > 3 and max(map(len, words)) > 2
        axes.set_xticks(range(len(names)), words, rotation=90 if turned else 0, fontsize=size)
        axes.set_yticks(range(len(names)), words, fontsize=size)
        axes.set(xlabel="predicted", ylabel="true", title=f"{title}: {right}")
        for (down, across), share in np.ndenumerate(shares if len(names) <= MOST_COUNTS else shares[:0]):
            count = int(counts[down, across])
            colour = "white" if share > 0.5 else "black"
            if count:
                text = f"{count}" if count < 10_000 else f"{count / 1000:.0f}k"
                axes.text(across, down, text, ha="center", va="center", color=colour, fontsize=size - 1)
    return figure


def draw_images(inputs: Tensor, pairs: Sequence[Pair], title: str) -> Figure:
    """Images (rows, channels, height, width) with the classes above them."""
    height, width = inputs.shape[2:]
    down = -(-len(pairs) // ACROSS)
    with rc_context(STYLE):
        figure = blank(10, 0.4 + down * (0.45 + 1.2 * min(4.0, max(0.25, height / width))))
        figure.suptitle(title)
        grid = figure.subplots(down, ACROSS, squeeze=False, gridspec_kw=CLOSE)
        for axes in grid.flat:
            axes.set(xticks=[], yticks=[], frame_on=False)
        smoothing = "nearest" if max(height, width) <= CRISP else None
        for axes, image, pair in zip(grid.flat, shades(inputs, inputs).numpy(), pairs, strict=False):
            axes.imshow(image, "gray", vmin=0, vmax=1, interpolation=smoothing)
            axes.set_title(say(pair), color=colour_of(pair), fontsize="small")
    return figure


def draw_sequences(inputs: Tensor, pairs: Sequence[Pair], title: str) -> Figure:
    """Sequences (rows, time, features) against time, with the classes above them."""
    down = -(-len(pairs) // SEQUENCES)
    with rc_context(STYLE):
        figure = blank(10, 0.4 + 1.7 * down)
        figure.suptitle(title)
        grid = figure.subplots(down, SEQUENCES, squeeze=False, sharex=True, sharey=True)
        for axes, steps, pair in zip(grid.flat, inputs, pairs, strict=False):
            axes.plot(steps[:, :MOST_PANELS].numpy(), linewidth=1)
            axes.set_title(say(pair), color=colour_of(pair), fontsize="small")
            axes.grid(alpha=0.3)
        for axes in grid.flat[len(pairs) :]:
            axes.set_axis_off()
        figure.supxlabel("step", fontsize="medium")
    return figure


def draw_rows(
    inputs: Tensor, pairs: Sequence[Pair], chances: Tensor, features: Sequence[str], title: str
) -> Figure:
    """Rows of a table (rows, features): the classes, the chance of the predicted one, the first columns."""
    names = features or [f"column {at}" for at in range(inputs.shape[1])]
    heading = ["true", "predicted", "probability", *(shorten(name, LETTERS) for name in names[:MOST_COLUMNS])]
    cells = [
        [
            shorten(true, LETTERS),
            shorten(told, LETTERS),
            f"{float(chance):.1%}",
            *map(number, row[:MOST_COLUMNS]),
        ]
        for (told, true), chance, row in zip(pairs, chances, inputs, strict=True)
    ]
    with rc_context(STYLE):
        figure = blank(10, 0.9 + 0.24 * len(cells))
        axes = figure.subplots()
        axes.set_axis_off()
        left = f"; the first {MOST_COLUMNS} of {len(names)} columns" if len(names) > MOST_COLUMNS else ""
        axes.set_title(f"{title}{left}")
        table = axes.table(cells, colLabels=heading, colLoc="right", bbox=Bbox.unit(), edges="horizontal")
        table.auto_set_font_size(False)
        for (row, _), cell in table.get_celld().items():
            cell.set_text_props(color=colour_of(pairs[row - 1]) if row else RIGHT, fontsize=8)
    return figure


def draw_values(predicted: Tensor, targets: Tensor, title: str) -> Figure:
    """Predicted against true values (rows, targets), a panel a number to predict."""
    panels = min(MOST_PANELS, targets.shape[1])
    with rc_context(STYLE):
        figure = blank(max(4.4, 3.4 * panels), 4)
        more = f", the first {panels} of {targets.shape[1]} numbers" if targets.shape[1] > panels else ""
        figure.suptitle(f"{title}: {len(targets)} validation rows{more}")
        for at, axes in enumerate(figure.subplots(1, panels, squeeze=False)[0]):
            true, told = targets[:, at].numpy(), predicted[:, at].numpy()
            axes.axline((float(true.mean()), float(true.mean())), slope=1, color="tab:gray", linestyle=":")
            axes.scatter(true, told, s=12, alpha=0.6)
            axes.set(xlabel="true", ylabel="" if at else "predicted")
            axes.set_aspect("equal", "datalim")
            axes.grid(alpha=0.3)
    return figure


def say(pair: Pair) -> str:
    """What stands above a sample: one name where the prediction is right."""
    told, true = (shorten(name, LETTERS) for name in pair)
    return told if pair[0] == pair[1] else f"{told}\n(is {true})"


def colour_of(pair: Pair) -> str:
    """A wrong prediction is seen at once."""
    return RIGHT if pair[0] == pair[1] else WRONG
