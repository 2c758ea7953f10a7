"""Waiting for jobs of a sweep that was killed and started again: they may still be saving."""

from pathlib import Path

from kindling.launcher.started import wait_for
from kindling.run.entry import Entry
from kindling.run.process import lives


def wait_until_idle(folder: Path, seconds: float) -> None:
    """Until none of a sweep's jobs runs here; what takes longer than that is told by the job itself."""
    busy = [path.parent for path in folder.glob("*/status.json") if is_running(path.parent)]
    if busy:
        print(f"sweep: waits for {len(busy)} jobs of an earlier start to save", flush=True)
        wait_for(lambda: not any(map(is_running, busy)), seconds)


def is_running(job: Path) -> bool:
    """Whether a process of this machine still keeps a job's folder."""
    try:
        facts = Entry(job).facts
    except (OSError, ValueError):
        return False
    return facts["status"] == "running" and lives(facts.get("process")) is True
