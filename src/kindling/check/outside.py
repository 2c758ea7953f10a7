"""What a job takes from elsewhere: weights to start from, and a target that tells the task."""

from collections.abc import Iterator

from kindling.check.job import Job
from kindling.error import ConfigError, UserError
from kindling.run.find import find_checkpoint


def wrong_start(job: Job) -> Iterator[UserError]:
    """Weights to start from that aren't there."""
    start = job.at("init_from")
    if start == "":
        yield ConfigError("init_from: expected a run's folder, a checkpoint or last, got nothing; write null")
    elif isinstance(start, str | int | float):  # a folder may be named 3
        try:
            find_checkpoint(str(start))
        except UserError as error:
            more = "" if ";" in str(error) else "; name another, or write null"
            yield type(error)(f"init_from: {error}{more}")


def wrong_target(job: Job) -> Iterator[UserError]:
    """Why the data's target doesn't tell the task, where it is asked."""
    if job.choices.get("task") == "auto":  # the plugin for it found none
        from kindling.source.target import find_task  # brings numpy: only where it is needed

        try:
            find_task(job.config["data"])
        except UserError as error:
            yield error
