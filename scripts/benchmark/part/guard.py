"""This tree beside an earlier commit, --against REVISION: the exit code is 1 where it has become slower."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmark.measure import Row, Seconds, compare
from benchmark.part import train
from benchmark.part.startup import run, taken
from kindling.error import ConfigError

ROOT = Path(__file__).parents[3]
FAILS = True  # where a row is not reached
LEAST = 0.05  # of a ratio above 1: less is never told from noise
SWEEP = ["-m", "seed=range(4)", "data=digits", "trainer.max_epochs=5", "trainer=cpu", "callback=[]"]


def measure(rounds: int, quick: bool, against: str | None = None) -> Iterator[Row]:
    """A short start, sweep and training of each network, in both trees."""
    against = against or newest_release()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        old = copy_of(against, place / "old")
        train.make_images(place, 300 if quick else 10_000)
        both: dict[str, Callable[[Path], Seconds]] = {"--help": partial(start, place, ["--help"])}
        if not quick:
            both["debug=one_batch"] = partial(start, place, ["debug=one_batch"])
            both["a sweep of 4 runs"] = partial(start, place, SWEEP)
        for network in ("mlp",) if quick else train.SIZES:
            both[f"{network}, 2 epochs"] = partial(train_in, place, network)
        for name, work in both.items():
            sides = {"now": partial(work, ROOT), against: partial(work, old)}
            yield judged(compare(taken(sides, rounds), "now", against, name))


def judged(row: Row) -> Row:
    """Whether the ratio is within its own spread of 1."""
    most = 1 + max(LEAST, (row.highest - row.lowest) / 2)
    return replace(row, aim=f"≤ {most:.3g}", reached=row.ratio <= most)


def copy_of(revision: str, folder: Path) -> Path:
    """What is committed there, in a folder; raises ConfigError."""
    folder.mkdir()
    archive = folder.with_suffix(".tar")
    command = ["git", "-C", str(ROOT), "archive", "--output", str(archive), revision]
    told = subprocess.run(command, capture_output=True, encoding="utf-8")
    if told.returncode:
        raise ConfigError(f"--against: expected a commit, branch or tag, got {revision!r}; see git log")
    shutil.unpack_archive(archive, folder)
    return folder


def start(place: Path, words: list[str], tree: Path) -> Seconds:
    """A command of that tree, in a place that no earlier one had."""
    with tempfile.TemporaryDirectory(dir=place) as fresh:
        return run(Path(fresh), str(tree / "train.py"), *words, PYTHONPATH=str(tree / "src"))


def train_in(place: Path, network: str, tree: Path) -> Seconds:
    """A training by that tree."""
    return train.train(place, network, 2, "ours", tree=tree)


def newest_release() -> str:
    """The newest release; raises ConfigError where there is none."""
    command = ["git", "-C", str(ROOT), "describe", "--tags", "--abbrev=0"]
    told = subprocess.run(command, capture_output=True, encoding="utf-8")
    if told.returncode:
        raise ConfigError(
            "--against: expected a commit, as no release has a tag yet; write --against HEAD~20"
        )
    return told.stdout.strip()
