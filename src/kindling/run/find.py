"""A run that somebody names: its folder, a checkpoint in it, or `last`, the newest below outputs/.

Of a sweep it is the best job, where only its weights are asked for.
"""

from pathlib import Path
from typing import Any

from kindling.error import RunError
from kindling.run.settings import read_settings
from kindling.run.trust import require_trusted
from kindling.source.path import user_path

CONFIG = Path("config.yaml")
BEST = Path("checkpoints", "best.ckpt")
PARTS = ("data", "task", "model", "optimizer", "trainer", "monitor")  # that no run does without


def find_run(name: str) -> Path:
    """The folder of a run; raises RunError where there is none with a config.yaml."""
    if name == "last":
        return newest(CONFIG)
    path = named(name)
    folder = path if path.is_dir() else next(filter(is_run, path.parents[:2]), path.parent)
    if not is_run(folder):
        raise RunError(f"{name}: expected a run with a {CONFIG}, got none in {folder}{hint(folder)}")
    return folder


def find_checkpoint(name: str) -> Path:
    """The best weights of a run, or the file that is named; raises RunError where there is none."""
    if name == "last":
        return newest(BEST) / BEST
    path = named(name)
    if path.is_file():
        return path
    path = best_of(path) or path
    if not (path / BEST).is_file():
        raise RunError(f"{name}: expected a run with {BEST.as_posix()}, got none in {path}{hint(path)}")
    return path / BEST


def newest(kept: Path) -> Path:
    """The folder of the run that began last, of those that have this file."""
    outputs = Path("outputs")
    found = [path.parent for depth in ("*/*", "*/*/*") for path in outputs.glob(f"{depth}/status.json")]
    suitable = [folder for folder in found if is_run(folder) and (folder / kept).is_file()]
    if not suitable:
        where = f"{kept.as_posix()} below {outputs.absolute()}"
        raise RunError(f"last: expected a run with {where}, got none; name a run's folder")
    return max(suitable, key=lambda folder: (folder / CONFIG).stat().st_mtime_ns)


def is_run(folder: Path) -> bool:
    """Whether a run began there."""
    return (folder / CONFIG).is_file()


def named(name: str) -> Path:
    """The path of something that is there; raises RunError."""
    expected = f"{name}: expected a run's folder, a checkpoint or the word last"
    if "://" in name:  # Lightning would run the code in what it fetches
        raise RunError(f"{expected}, got an address; fetch the file, and name that")
    path = user_path(name)
    if not path.exists():
        raise RunError(f"{expected}, got nothing there")
    return path


def best_of(folder: Path) -> Path | None:
    """The best job, where the folder is that of a sweep."""
    from kindling.sweep.summary import best_job  # which is of no use to a single run

    return best_job(folder) if (folder / "sweep.json").is_file() else None


def hint(folder: Path) -> str:
    """What to name instead: a job, where the folder is that of a sweep."""
    jobs = sorted(
        (path.parent for path in folder.glob("*/config.yaml")), key=lambda job: (len(job.name), job)
    )
    return f"; name one of its jobs, such as {best_of(folder) or jobs[0]}" if jobs else ""


def read_config(folder: Path, typed: dict[str, Any] | None = None) -> dict[str, Any]:
    """The plain settings of a run; raises RunError where they lack a part, or build what isn't known.

    Those that are as `typed` by whoever starts this may build anything.
    """
    path = folder / CONFIG
    found = read_settings(path)
    lacking = [part for part in PARTS if not isinstance(found, dict) or not isinstance(found.get(part), dict)]
    if lacking:
        raise RunError(f"{path}: expected the settings of a run, got none of {', '.join(lacking)}")
    if found != typed:
        require_trusted(found, str(path))
    return dict(found)
