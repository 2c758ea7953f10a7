"""What earlier starts of a sweep have done, and whether that is older than the code and the data of today."""

import math
from collections.abc import Iterator
from pathlib import Path

from kindling.run.entry import STATUS, Entry
from kindling.run.folder import shown
from kindling.run.word import read_json

PACKAGE = Path(__file__).resolve().parents[1]


def told(folder: Path) -> list[str]:
    """A line on the jobs that are done, and so aren't trained again; nothing where there are none."""
    statuses = sorted(folder.glob(f"*/{STATUS}"))
    done = [path.parent for path in statuses if read_json(path).get("status") == "done"]
    if not done:
        return []
    line = f"done before, and not trained again: {len(done)} job{'s' * (len(done) > 1)}"
    records = [job / "environment.json" for job in done]  # written as a job begins
    began = min((path.stat().st_mtime for path in records if path.is_file()), default=math.inf)
    newest = max(files(Entry(done[0])), key=lambda path: path.stat().st_mtime)
    if newest.stat().st_mtime > began:
        line += f"; {shown(newest.absolute())} has changed since: sweep.fresh=true trains all of them anew"
    return [line]


def files(job: Entry) -> Iterator[Path]:
    """The code, and the files of the user's that hold the data."""
    yield from PACKAGE.rglob("*.py")
    named = (str(value) for name, value in job.settings.items() if name.startswith("data."))
    yield from (path for path in map(Path, filter(None, named)) if path.is_file())
