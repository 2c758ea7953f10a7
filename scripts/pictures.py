#!/usr/bin/env python3
"""Renew the pictures of README.md: scripts/pictures.py trains what they show."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import installed  # noqa: F401  # or it ends here, and says what to type

from kindling.check.command import Parser, exit_code
from kindling.error import RunError

PROJECT = Path(__file__).resolve().parents[1]
SCRIPTS = {  # picture, what makes it, and where that leaves it
    "run.png": ("train.py model=cnn optimizer=sgd hydra.run.dir=run", "run/curves.png"),
    "sweep.png": (
        "train.py -m sweep=random optimizer.lr=tag(log,interval(1e-4,1e-1)) model.dropout=interval(0,0.7) "
        "sweep.trials=16 sweep.name=sweep launcher=process",
        "outputs/sweep/sweep/report.png",
    ),
    "augmentation.png": (
        "scripts/show_data.py data=digits augmentation=affine --output augmentation.png",
        "augmentation.png",
    ),
}


def main(words: Sequence[str]) -> None:
    """Make all of them, and put them where README.md looks."""
    parser = Parser("scripts/pictures.py", __doc__)
    parser.add_argument("--output", metavar="FOLDER", type=Path, default=PROJECT / ".github")
    folder: Path = parser.parse_args(words).output
    folder.mkdir(parents=True, exist_ok=True)
    for name, (command, made) in SCRIPTS.items():
        print(f"{name}: python {command}", flush=True)
        with TemporaryDirectory() as place:
            run(Path(place), command.split())
            shutil.copyfile(Path(place, made), folder / name)


def run(place: Path, words: list[str]) -> None:
    """A command in that folder; raises RunError where it fails."""
    command = [sys.executable, str(PROJECT / words[0]), *words[1:]]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    result = subprocess.run(command, cwd=place, env=environment, capture_output=True, encoding="utf-8")
    if result.returncode:
        raise RunError(f"{' '.join(words)}: exit code {result.returncode}: {result.stderr.strip()}")


if __name__ == "__main__":
    sys.exit(exit_code(partial(main, sys.argv[1:])))
