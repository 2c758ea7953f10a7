"""What a job takes from elsewhere: packages, variables, weights, a target that tells the task."""

import os
import re
from collections.abc import Iterator

from kindling.check.job import Job, short
from kindling.check.setting import description
from kindling.error import ConfigError, MachineError, UserError
from kindling.run.find import find_checkpoint
from kindling.run.naming import LAUNCHERS


def lacking_packages(job: Job) -> Iterator[UserError]:
    """Extras that a chosen word needs, as the first comment of its file says: `pip install …`."""
    for group, chosen in job.choices.items():
        for word in chosen if isinstance(chosen, list) else [chosen]:
            path = job.conf.options(group).get(str(word))
            found = re.search(r"pip install ([\w-]+)(?:\[(\w+)\])?", description(path)) if path else None
            if found:
                from kindling.package import lacking  # brings importlib.metadata: only where it is needed

                for package, command in lacking(found[1], found[2] or ""):
                    text = f"{group}={word}: needs the package {package}, which isn't installed"
                    yield MachineError(f"{text}; type: {command}")


def wrong_start(job: Job) -> Iterator[UserError]:
    """Weights to start from that aren't there."""
    start = job.at("init_from")
    if start == "":
        yield ConfigError("init_from: expected a run's folder, a checkpoint or last, got nothing; write null")
    elif isinstance(start, str | int | float):  # a folder may be named 3
        try:
            find_checkpoint(str(start))
        except OSError:
            yield ConfigError(
                f"init_from: {short(str(start))}: expected a path, got a name too long; write null"
            )
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


def require_environment() -> None:
    """Raise MachineError where a launcher's variables don't number the processes."""
    counts = {*LAUNCHERS, "SLURM_STEP_NUM_TASKS"}
    for name in sorted(counts.union(*LAUNCHERS.values()) & os.environ.keys()):
        value, least = os.environ[name], int(name in counts)
        if not value.isdecimal() or int(value) < least:
            expected = f"a whole number of {least} or more, got {short(value) or 'nothing'}"
            raise MachineError(f"{name}: expected {expected}; type: unset {name}")
