"""metrics.csv: a row an epoch, with a column a metric."""

import csv
from pathlib import Path
from typing import Any

from pytorch_lightning.loggers.logger import Logger
from pytorch_lightning.utilities import rank_zero_only

from kindling.run.curves import Row


class CSVLogger(Logger):
    """Merges what is logged within an epoch into one row; Lightning's own writes one per call."""

    def __init__(self, save_dir: str) -> None:
        super().__init__()
        self.path = Path(save_dir) / "metrics.csv"
        self.rows: dict[int, dict[str, float]] = {}
        self.columns = ["epoch"]
        self.saved = 0  # rows in the file that won't change any more
        self.offset = 0  # where they end

    @property
    def name(self) -> str:
        """Part of no path."""
        return "csv"

    @property
    def version(self) -> str:
        """Part of no path."""
        return ""

    @rank_zero_only
    def log_hyperparams(self, params: Any, *args: Any, **kwargs: Any) -> None:
        """Nothing: config.yaml has them."""

    @rank_zero_only
    def log_metrics(self, metrics: dict[str, float], step: int | None = None) -> None:
        """Merge; test metrics belong to the run and not to an epoch."""
        found = {name: value for name, value in metrics.items() if not name.startswith("test/")}
        epoch = int(found.pop("epoch", len(self.rows))) + 1  # people count from one
        if not found:
            return
        self.rows.setdefault(epoch, {"epoch": epoch}).update(found)
        new = [name for name in found if name not in self.columns]
        if new:
            self.columns[1:] = sorted([*self.columns[1:], *new])  # in any order that they come
            self.saved = self.offset = 0

    @rank_zero_only
    def resume(self, rows: list[Row], step: int) -> None:
        """Begin with the epochs that a run had when it stopped, whatever the file says."""
        for row in rows:
            self.log_metrics({**row, "epoch": row["epoch"] - 1})
        self.save()

    @rank_zero_only
    def save(self) -> None:
        """Write the row of this epoch anew; earlier rows stay, unless a column came."""
        if not self.rows:
            return
        with self.path.open("r+" if self.offset else "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, self.columns, lineterminator="\n")
            if not self.offset:
                writer.writeheader()
            file.seek(self.offset or file.tell())
            *done, last = list(self.rows.values())[self.saved :]
            writer.writerows(done)
            self.saved, self.offset = self.saved + len(done), file.tell()
            writer.writerow(last)
            file.truncate()
