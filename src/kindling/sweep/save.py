"""The files of a report: a table of jobs, a page to read, and pictures."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kindling.run.entry import NOTHING, Entry
from kindling.run.table import as_csv
from kindling.source.whole import written_whole
from kindling.sweep.again import command
from kindling.sweep.member import FOLD, SEED
from kindling.sweep.summary import Section, sweep_of
from kindling.sweep.table import best, effects, for_markdown, heading, of_trials, place

PLAIN, PAGE = "report.csv", "report.md"


def save(sections: Sequence[Section], folder: Path, joined: bool) -> list[str]:
    """Write them, each whole or not at all; returns their names."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {PAGE: "\n".join(page(sections, joined)), PLAIN: as_csv(*rows(sections, joined))}
    for name, text in texts.items():
        with written_whole(folder / name) as file:
            file.write(text.encode(errors="backslashreplace"))
    pictures = [(section, name) for section, name in zip(sections, names(sections), strict=True) if name]
    for section, name in pictures:
        from kindling.sweep.chart import draw  # brings matplotlib: only when a picture is due

        draw(section, folder / name)
    return [*texts, *(name for _, name in pictures)]


def names(sections: Sequence[Section]) -> list[str]:
    """Of the picture of each; nothing where there is nothing to compare."""
    found = [f"report{f'_{number}' if number > 1 else ''}.png" for number in range(1, len(sections) + 1)]
    worth = [bool(one.varying) and len(one.measured) > 1 for one in sections]
    return [name if one else "" for name, one in zip(found, worth, strict=True)]


def rows(sections: Sequence[Section], joined: bool) -> tuple[list[str], list[list[Any]]]:
    """A row a job, with all that was set for it and all that was measured."""
    jobs = [job for section in sections for job in section.jobs]
    varying = [name for section in sections for name in section.varying]
    named = dict.fromkeys([*varying, *(word for job in jobs for word in job.words)])
    settings = [name for name in named if name not in (SEED, FOLD)]
    metrics = dict.fromkeys(name for section in sections for name in section.metrics)
    metrics |= dict.fromkeys(name for job in jobs for name in job.metrics)
    columns = ["run", "status", *settings, SEED, FOLD, *metrics, "seconds", "exit_code", "error"]
    found = [[name_of(job), *(job.value(name) for name in columns[1:])] for job in jobs]
    if joined:
        return ["sweep", *columns], [
            [place(sweep_of(job)), *row] for job, row in zip(jobs, found, strict=True)
        ]
    return columns, found


def name_of(job: Entry) -> str:
    """The folder of a job: that within the sweep, if it is of one."""
    return job.folder.name if sweep_of(job) else str(job.folder)


def page(sections: Sequence[Section], joined: bool) -> Iterator[str]:
    """The report in Markdown."""
    sweeps = dict.fromkeys(sweep for one in sections for sweep in one.sweeps)
    yield f"# {', '.join(sorted(sweep.name if sweep else 'single runs' for sweep in sweeps))}"
    for section, picture in zip(sections, names(sections), strict=True):
        yield f"\n{heading(section, sections)}\n"
        yield from for_markdown(of_trials(section, section.trials, joined))
        if section.measured:
            yield f"\n{best(section)}\n\n```bash\n{command(section.measured[0])}\n```"
        if picture:
            yield f"\n![{section.metric} against what was tried]({picture})"
        for part in effects(section):
            yield from ["", *for_markdown(part)]
    yield NOTHING
