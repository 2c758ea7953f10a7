"""The report of sweeps: tables of trials, the best one with its command, and the files of it all."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kindling.error import RunError
from kindling.run.entry import Entry
from kindling.run.folder import shown
from kindling.sweep.again import command
from kindling.sweep.save import PLAIN, rows, save
from kindling.sweep.summary import Section, sections
from kindling.sweep.table import best, effects, for_terminal, heading, of_trials
from kindling.typed import runner

MOST = 20  # trials that a terminal shows


class Report:
    """What is to say of the jobs of some sweeps, or of other runs.

    output: the folder that takes the files; None is that of the sweep, if they are all of one's
    """

    def __init__(self, jobs: Sequence[Entry], output: Path | None = None) -> None:
        self.sections, self.left_out = sections(jobs)
        if not self.sections:
            raise RunError("report: expected runs with a monitored metric, got none; name another folder")
        self.sweeps = [*dict.fromkeys(sweep for one in self.sections for sweep in one.sweeps)]
        self.joined = len(self.sweeps) > 1
        self.output = output or (None if self.joined else whole(self.sweeps[0], jobs))

    def tell(self) -> None:
        """Print it, and write the files."""
        print("\n\n".join("\n".join(self.lines(section)) for section in self.sections), flush=True)
        if self.output:
            first, *others = save(self.sections, self.output, self.joined)
            print(f"\nreport: {shown(self.output / first)}, beside it {', '.join(others)}", flush=True)
        sweep = self.sweeps[0]
        if not self.joined and sweep and any(sweep.glob("*/tensorboard")):
            print(f"compare: {runner()}tensorboard --logdir {shown(sweep)} (HPARAMS)", flush=True)

    def rows(self) -> tuple[list[str], list[list[Any]]]:
        """All of every job."""
        return rows(self.sections, self.joined)

    def lines(self, section: Section) -> Iterator[str]:
        """What is said of trials of one kind."""
        yield heading(section, self.sections)
        shortest = section.trials[:MOST]
        yield from for_terminal(of_trials(section, shortest, self.joined), [section.metric])
        if len(section.trials) > MOST:
            where = shown(self.output / PLAIN) if self.output else "the file of --csv"
            yield f"and {len(section.trials) - MOST} more, all in {where}"
        if section.measured:
            yield f"\n{best(section)}\n  {command(section.measured[0])}"
            yield f"its weights: {shown(section.measured[0].jobs[0].folder)}"
        if not self.output:  # the page tells it
            for part in effects(section):
                yield from ["", *for_terminal(part)]


def whole(sweep: Path | None, jobs: Sequence[Entry]) -> Path | None:
    """The sweep, where these are all of its jobs."""
    there = {path.parent for path in sweep.glob("*/status.json")} if sweep else set()
    return sweep if there <= {job.folder for job in jobs} else None
