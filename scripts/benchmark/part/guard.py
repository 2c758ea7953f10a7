"""This tree beside an earlier commit, --against REVISION: the exit code is 1 where it has become slower."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmark.measure import Row, Seconds, compare, judged
from benchmark.part import train
from benchmark.part.startup import run, taken
from kindling.error import ConfigError

ROOT = Path(__file__).parents[3]
FAILS = True  # where a row is not reached
SWEEP = ["-m", "seed=range(4)", "data=digits", "trainer.max_epochs=5", "trainer=cpu", "callback=[]"]


def measure(rounds: int, quick: bool, against: str | None = None) -> Iterator[Row]:
    """A short start, sweep and training of each network, in both trees; raises ConfigError."""
    against = against or earlier()
    if not git("rev-parse", "--verify", "--quiet", f"{against}^{{commit}}"):
        raise ConfigError(f"--against: expected a commit, branch or tag, got {against!r}; see git log")
    return compared(rounds, quick, against)


def earlier() -> str:
    """The newest release, or else the commit of a week ago, or else the first."""
    ways = (["describe", "--tags", "--abbrev=0"], ["rev-list", "-1", "--before=1.week", "HEAD"])
    found = (git(*words).strip() for words in (*ways, ["rev-list", "--max-parents=0", "HEAD"]))
    return next(filter(None, found), "")


def git(*words: str) -> str:
    """What git prints about this tree; nothing where it can't tell."""
    return subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, encoding="utf-8").stdout


def compared(rounds: int, quick: bool, against: str) -> Iterator[Row]:
    """One row after the other."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        git("archive", f"--output={place / 'old.tar'}", against)
        shutil.unpack_archive(place / "old.tar", place / "old")
        train.make_images(place, 300 if quick else 10_000)
        both: dict[str, Callable[[Path], Seconds]] = {"--help": partial(start, place, ["--help"])}
        if not quick:
            both["debug=one_batch"] = partial(start, place, ["debug=one_batch"])
            both["a sweep of 4 runs"] = partial(start, place, SWEEP)
        for network in ("mlp",) if quick else train.SIZES:
            both[f"{network}, 2 epochs"] = partial(train_in, place, network)
        for name, work in both.items():
            sides = {"now": partial(work, ROOT), against: partial(work, place / "old")}
            yield judged(compare(taken(sides, rounds), "now", against, name))


def start(place: Path, words: list[str], tree: Path) -> Seconds:
    """A command of that tree, in a place that no earlier one had."""
    with tempfile.TemporaryDirectory(dir=place) as fresh:
        return run(Path(fresh), str(tree / "train.py"), *words, PYTHONPATH=str(tree / "src"))


def train_in(place: Path, network: str, tree: Path) -> Seconds:
    """A training by that tree."""
    return train.train(place, network, 2, "ours", tree=tree)
