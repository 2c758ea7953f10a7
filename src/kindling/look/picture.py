"""A look at a set as a picture: images, columns or series, before and after an augmentation."""

import warnings
from pathlib import Path
from typing import Any

import torch
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from torch import Tensor

from kindling.augmentation.base import Augmentation
from kindling.data.base import DataModule
from kindling.data.timeseries import TimeSeries
from kindling.look.chart import ACROSS, draw_histograms, draw_sequences, draw_series
from kindling.look.facts import input_names, shorten
from kindling.look.sample import pick
from kindling.source.whole import written_whole

IMAGES = 8  # beside one another
MOST_IMAGES = 32
MOST_ROWS = 10_000  # that histograms count
MOST_HISTOGRAMS = 12
MOST_COLUMNS = 4  # of sequences, below one another
CRISP = 64  # pixels a side: smaller images show each pixel as a square
LETTERS = 14  # of a class, above an image
SHORT = 7  # letters that large type has room for
UPRIGHT = {"rotation": 0, "ha": "right", "va": "center"}  # beside images too flat for a word along them
DOTS = 160  # an inch
CLOSE = {"wspace": 0.03, "hspace": 0.03}
STYLE: dict[Any, Any] = {"text.parse_math": False, "font.size": 9}  # a $ in a name is no formula


def save_picture(data: DataModule, augmentation: Augmentation, path: Path) -> None:
    """Draw a set that is set up into a PNG file."""
    with rc_context(STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # names may be in any script
        figure = draw(data, augmentation)
        with written_whole(path) as file:
            figure.savefig(file, format="png", metadata={"Software": None})


def draw(data: DataModule, augmentation: Augmentation) -> Figure:
    """The picture that suits the kind of samples."""
    if isinstance(data, TimeSeries):
        return draw_forecasts(data, augmentation)
    return (draw_columns, draw_steps, draw_images)[len(data.spec.input_shape) - 1](data, augmentation)


def blank(width: float, height: float) -> Figure:
    """An empty figure of that many inches."""
    figure = Figure((width, height), dpi=DOTS, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def draw_columns(data: DataModule, augmentation: Augmentation) -> Figure:
    """The histograms of the first columns of a table."""
    names = [call("column", name) for name in input_names(data)[:MOST_HISTOGRAMS]]
    classes = data.spec.class_names or map(str, range(data.spec.num_targets))
    sample = pick(data, augmentation, MOST_ROWS)
    figure = blank(10, 0.9 + 1.8 * -(-len(names) // ACROSS))
    known = [call("class", name) for name in classes] if data.spec.target == "class" else []
    draw_histograms(figure, sample, names, known)
    return figure


def call(what: str, name: str) -> str:
    """What a name that is only a number is the number of."""
    return f"{what} {name}" if name.isdecimal() else name


def draw_steps(data: DataModule, augmentation: Augmentation) -> Figure:
    """Some sequences, against time."""
    names = [call("column", name) for name in input_names(data)[:MOST_COLUMNS]]
    figure = blank(10, 0.9 + 1.6 * len(names))
    what = "class" if data.spec.target == "class" else "target"
    draw_sequences(figure, pick(data, augmentation, ACROSS), names, what)
    return figure


def draw_forecasts(data: TimeSeries, augmentation: Augmentation) -> Figure:
    """A whole series with its splits and, where there is an augmentation, some windows of it."""
    columns = {column.name: column.numbers for column in data.columns[:MOST_COLUMNS]}
    spans = {
        name: (int(split.rows[0]) + data.steps, int(split.rows[-1]) + data.steps + data.horizon)
        for name, split in data.splits.items()
    }
    spans["train"] = (0, spans["train"][1])  # its first window looks back to the first row
    dates = next((column.words for column in data.table.columns if column.dates), [])
    sample = pick(data, augmentation, ACROSS)
    height = 0.9 + 1.6 * len(columns)
    if sample.after is None:
        figure = blank(10, height + 0.5)
        draw_series(figure, columns, spans, dates)
    else:
        figure = blank(10, 2 * height)
        above, below = figure.subfigures(2, 1, squeeze=False)[:, 0]
        draw_series(above, columns, spans, dates)
        draw_sequences(below, sample, list(columns), "next")
    return figure


def draw_images(data: DataModule, augmentation: Augmentation) -> Figure:
    """Images with their classes; with an augmentation, each above what becomes of it."""
    most = MOST_IMAGES if type(augmentation) is Augmentation else MOST_IMAGES // 2
    sample = pick(data, augmentation, most)
    lines = {"as they are": sample.before} | ({} if sample.after is None else {"augmented": sample.after})
    blocks, (height, width) = -(-len(sample.labels) // IMAGES), sample.before.shape[2:]
    tall = min(4.0, max(0.25, height / width))
    figure = blank(IMAGES, 0.1 + blocks * (0.25 + len(lines) * 0.94 * tall))
    grid = figure.subplots(blocks * len(lines), IMAGES, squeeze=False, gridspec_kw=CLOSE)
    for axes in grid.flat:
        axes.set(xticks=[], yticks=[], frame_on=False)
    size = "large" if max(map(len, sample.labels)) <= SHORT else "small"
    for axes, label in zip(grid[:: len(lines)].flat, sample.labels, strict=False):
        axes.set_title(shorten(label, LETTERS), fontsize=size)
    smoothing = "nearest" if max(height, width) <= CRISP else None
    for below, (name, inputs) in enumerate(lines.items()):
        rows = grid[below :: len(lines)]
        for axes, image in zip(rows.flat, shades(inputs, sample.before).numpy(), strict=False):
            axes.imshow(image, "gray", vmin=0, vmax=1, interpolation=smoothing)
        for axes in rows[:, 0] if len(lines) > 1 else []:
            axes.set_ylabel(name, **(UPRIGHT if tall < 0.8 else {}))
    return figure


def shades(inputs: Tensor, scale: Tensor) -> Tensor:
    """Images from 0 to 1, as `scale` has its darkest and brightest: (rows, height, width[, 3])."""
    whole = scale.dtype == torch.uint8
    low, high = (0.0, 255.0) if whole else (float(scale.min()), float(scale.max()))
    shown = ((inputs.float() - low) / max(high - low, 1e-12)).clamp(0, 1)
    return shown.permute(0, 2, 3, 1) if shown.shape[1] == 3 else shown[:, 0]  # of two or five, the first
