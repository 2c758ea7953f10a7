"""The picture of a run: loss and main metric, training and validation, against the epoch."""

from collections.abc import Sequence
from pathlib import Path

Row = dict[str, float]
COLOURS = {"train": "tab:gray", "val": "tab:blue"}
LABELS = {"train": "training", "val": "validation"}


def draw_curves(rows: Sequence[Row], metrics: Sequence[str], best_epoch: int, path: Path) -> None:
    """One panel a metric, with the epoch that was kept marked; rows carry `epoch` and `split/metric`."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # it takes 0.3 s: only when a picture is due
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(5 * len(metrics), 3.6), dpi=120, layout="constrained")
    FigureCanvasAgg(figure)
    for axes, metric in zip(figure.subplots(1, len(metrics), squeeze=False)[0], metrics, strict=True):
        for split, colour in COLOURS.items():
            points = [(row["epoch"], row[key]) for row in rows if (key := f"{split}/{metric}") in row]
            marker = "o" if len(points) == 1 else ""
            axes.plot(
                *zip(*points, strict=True) if points else ([], []), marker, color=colour, label=LABELS[split]
            )
        axes.axvline(best_epoch, color="tab:orange", linestyle=":", label=f"kept (epoch {best_epoch})")
        axes.set(xlabel="epoch", title=metric)
        if len(rows) == 1:  # else the axis would show parts of an epoch
            axes.set_xlim(best_epoch - 1, best_epoch + 1)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(path)
