"""A sweep for Python: what its jobs left, read when it is asked for."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kindling.look.shown import Picture
from kindling.run.listing import find_entries
from kindling.run.trained import Trained
from kindling.sweep.report import Report


@dataclass(frozen=True)
class Swept:
    """What `kindling.train_all` returns; any sweep's folder will do."""

    folder: Path

    def __str__(self) -> str:
        return "\n\n".join("\n".join(self.report.lines(section)) for section in self.report.sections)

    @property
    def report(self) -> Report:
        """Its trials, the best first."""
        return Report(find_entries([str(self.folder)])[0])

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What report.csv has: a row a job, with all settings that vary, and all metrics."""
        names, rows = self.report.rows()
        return [dict(zip(names, row, strict=True)) for row in rows]

    @property
    def runs(self) -> list[Trained]:
        """Its jobs, in the order of the report."""
        return [Trained(job.folder) for section in self.report.sections for job in section.jobs]

    @property
    def best(self) -> Trained:
        """The first job of the best trial."""
        return self.runs[0]

    @property
    def picture(self) -> Picture:
        """What it found, as report.png has it."""
        return Picture(self.folder / "report.png")
