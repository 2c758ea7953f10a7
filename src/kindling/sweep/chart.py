"""The picture of a sweep: the metric against each setting, parallel coordinates, importances."""

import math
import warnings
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from kindling.source.whole import written_whole
from kindling.sweep.axis import FEW, Axis, axis_of, axis_of_metric, between, far
from kindling.sweep.importance import importances
from kindling.sweep.summary import Section

STYLE: dict[Any, Any] = {"text.parse_math": False, "font.size": 9}  # a $ in a name is no formula
ACROSS = 4  # panels beside one another
MOST = 8  # settings
WIDTH, HEIGHT = 3.2, 2.9  # of a panel, in inches
SHADES = "viridis"
SLOPING: dict[str, Any] = {"rotation": 25, "ha": "right", "rotation_mode": "anchor"}
BESIDE: dict[str, Any] = {
    "textcoords": "offset points",
    "fontsize": 7,
    "va": "center",
    "bbox": {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.7},
}
POINT, BEST, MEAN = "tab:blue", "tab:orange", "0.6"


def draw(section: Section, path: Path) -> None:
    """Draw the trials that are done into a PNG file."""
    with rc_context(STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # names may be in any script
        figure = picture(section)
        with written_whole(path) as file:
            figure.savefig(file, format="png", metadata={"Software": None})


def picture(section: Section) -> Figure:
    """Panels that suit the number of settings: of many those that matter most."""
    metric = axis_of_metric(section)
    settings = [axis_of(section, name) for name in section.varying]
    measure, found = importances(settings, metric, section.sign < 0)
    settings.sort(key=lambda one: -found.get(one.name, 0.0))
    left_out = len(settings) - MOST
    settings = settings[:MOST]
    down = -(-len(settings) // ACROSS)
    across = -(-len(settings) // down)
    several = len(settings) > 1
    figure = Figure(
        (max(6.4, across * WIDTH), (down + 1.15 * several) * HEIGHT + 0.4), dpi=120, layout="constrained"
    )
    FigureCanvasAgg(figure)
    more = f"; {left_out} settings that matter less are left out" if left_out > 0 else ""
    spread = any(trial.deviation(section.metric) for trial in section.measured)
    bars = "; bars are standard deviations" if spread else ""
    figure.suptitle(f"{section.metric} of {len(section.measured)} trials{bars}{more}")
    parts: Any = figure.subfigures(1 + several, 1, squeeze=False, height_ratios=[down, 1.15][: 1 + several])
    panels = parts[0, 0].subplots(down, across, squeeze=False, sharey=True)
    draw_settings([*panels.flat], settings, metric, section)
    for first in panels[:, 0]:
        first.set_ylabel(section.metric)
    if several:
        shares = {one.name: found[one.name] for one in settings if one.name in found}
        draw_together(parts[1, 0], settings, metric, section, (measure, shares))
    return figure


def draw_settings(panels: Sequence[Axes], settings: Sequence[Axis], metric: Axis, section: Section) -> None:
    """The metric against each of them."""
    errors = [trial.deviation(section.metric) or 0.0 for trial in section.measured]
    for axes, setting in zip(panels, settings, strict=False):
        draw_setting(axes, setting, metric, errors)
    for axes in panels[len(settings) :]:
        axes.set_axis_off()


def draw_setting(axes: Axes, setting: Axis, metric: Axis, errors: Sequence[float]) -> None:
    """A point a trial with its deviation, the mean of each value where there are few, the best one on top."""
    across, up = setting.positions, metric.positions
    if len(set(across)) <= FEW:
        values = sorted({one for one in across if not math.isnan(one)})
        means = [fmean(y for x, y in zip(across, up, strict=True) if x == value) for value in values]
        style: dict[str, Any] = {"marker": "_", "linestyle": "", "markersize": 22} if setting.labels else {}
        axes.plot(values, means, color=MEAN, linewidth=1.5, zorder=1, **style)
    bars = errors if any(errors) else None
    alpha = min(0.8, max(0.2, 30 / len(up)))
    axes.errorbar(across, up, bars, fmt="o", color=POINT, alpha=alpha, markersize=4, elinewidth=0.8)
    axes.plot(across[0], up[0], "*", color=BEST, markersize=12, markeredgecolor="white", zorder=3)
    axes.set_xlabel(setting.name)
    for way, one in ((axes.xaxis, setting), (axes.yaxis, metric)):
        if one.log:
            draw_decades(axes, way, one)
        elif all(float(position).is_integer() for position in one.positions):
            way.set_major_locator(MaxNLocator(integer=True))
    if setting.labels:
        long = len(setting.labels) > 3 and max(map(len, setting.labels)) > 5
        axes.set_xticks(range(len(setting.labels)), setting.labels, **(SLOPING if long else {}))
        axes.set_xlim(-0.6, len(setting.labels) - 0.4)
    axes.grid(alpha=0.3)


def draw_decades(axes: Axes, way: Any, numbers: Axis) -> None:
    """A logarithmic scale with plain numbers: powers need formulas, and fewer than two say nothing."""
    axes.set(**{f"{way.axis_name}scale": "log"})
    known = [one for one in numbers.positions if not math.isnan(one)]
    low, high = min(known), max(known)
    if not far([low, high]):
        way.set_ticks(between(low, high, log=True))
    way.set_major_formatter(FuncFormatter(lambda one, _: f"{one:.4g}"))
    way.set_minor_formatter(NullFormatter())


def draw_together(
    figure: Any, settings: Sequence[Axis], metric: Axis, section: Section, found: tuple[str, dict[str, float]]
) -> None:
    """All settings beside one another, and how much each of them matters."""
    measure, shares = found
    if measure:
        left, right = figure.subplots(1, 2, width_ratios=[2.4, 1])
        draw_importances(right, measure, shares)
    else:
        left = figure.subplots()
    draw_lines(left, [*settings, metric], section.sign)


def draw_lines(axes: Axes, settings: Sequence[Axis], sign: int) -> None:
    """Parallel coordinates: a line a trial, the better the darker; the best one on top."""
    from matplotlib import colormaps

    heights = [setting.shares for setting in settings]
    places = range(len(settings))
    count = len(heights[0])
    for trial in range(count - 1, -1, -1):  # the best one last
        share = heights[-1][trial] if sign > 0 else 1 - heights[-1][trial]
        colour = BEST if trial == 0 else colormaps[SHADES](share * 0.95)
        line = [height[trial] for height in heights]
        axes.plot(
            places, line, color=colour, linewidth=2.4 if trial == 0 else 1, alpha=1 if trial == 0 else 0.6
        )
    for place, setting in enumerate(settings):
        axes.axvline(place, color="0.3", linewidth=0.8)
        for height, label in setting.marks:
            axes.annotate(label, (place, height), (4, 0), **BESIDE)
    axes.set_xticks(places, [setting.name for setting in settings], **(SLOPING if len(settings) > 4 else {}))
    axes.set(yticks=[], xlim=(-0.1, len(settings) - 0.6), ylim=(-0.06, 1.06))
    axes.spines[["left", "right", "top", "bottom"]].set_visible(False)


def draw_importances(axes: Axes, measure: str, shares: dict[str, float]) -> None:
    """A bar a setting, the longest on top."""
    ranked = sorted(shares.items(), key=lambda item: item[1])
    bars = axes.barh([name for name, _ in ranked], [share for _, share in ranked], color=POINT)
    axes.bar_label(bars, fmt="%.2f", padding=2, fontsize=8)
    axes.set_xlabel(measure)
    axes.margins(x=0.15)
    axes.spines[["right", "top"]].set_visible(False)
