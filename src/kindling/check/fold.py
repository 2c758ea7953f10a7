"""Folds that aren't there, or that `cv` sets itself; seen before anything is imported."""

from collections.abc import Iterator

from kindling.check.job import Job


def folds(job: Job) -> Iterator[str]:
    """A fold that can't be."""
    count, number = job.at("data.folds"), job.at("data.fold")
    where = job.where("data.fold")
    typed = [key for key in ("data.fold", "data.folds") if key in job.keys]
    if job.at("cv") is not None and typed:
        got = f"{typed[0]}={job.at(typed[0])}"
        yield f"cv: expected {typed[0]} to be left to it, got {got}; leave out one"
    elif count is None and number:
        yield f"{where}: expected it beside data.folds, got {number}; add data.folds, or take cv=5 for all"
    elif isinstance(count, int) and isinstance(number, int) and number >= count >= 2:
        yield f"{where}: expected 0 to {count - 1} with data.folds={count}, got {number}"
