"""Measure how fast the program is, beside what it aims at: python scripts/bench.py data."""

import argparse
import ast
import json
import os
import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import installed  # noqa: F401  # or it ends here, and says what to type

from benchmark.measure import HEADER, Row
from benchmark.readme import renew
from kindling.check.command import Parser, exit_code
from kindling.error import ConfigError
from kindling.run.environment import describe
from kindling.run.naming import run_folder

PARTS = Path(__file__).parent / "benchmark" / "part"
README = Path(__file__).parents[1] / "README.md"
ABOUT = """\
Variants take turns on one thread. A ratio is one of processor time, the median of the rounds' own;
those of the rounds, and of the time on the wall, stand beside it. An aim that is not reached is
said so, and is no failure but in guard."""


def parser() -> Parser:
    """The words of the command; a part is any file of its folder."""
    about = {path.stem: ast.get_docstring(ast.parse(path.read_bytes())) or "" for path in PARTS.glob("*.py")}
    parts = [f"  {name:<10} {about[name].splitlines()[0]}" for name in sorted(about)]
    words = Parser("scripts/bench.py", f"{__doc__}\n\n{ABOUT}", epilog="\n".join(["parts:", *parts]))
    words.add_argument("part", metavar="PART", choices=sorted(about), help="what to measure, see below")
    often = ("--rounds", "--kills")
    words.add_argument(*often, metavar="N", type=int, default=5, help="how often; default 5")
    words.add_argument(
        "--output", metavar="FILE", type=Path, help="default outputs/<date>/<time>-…/bench.json"
    )
    words.add_argument("--against", metavar="REVISION", help="for guard; default a tag, or a week ago")
    words.add_argument("--readme", action="store_true", help="write the ratios into README.md's table")
    words.add_argument("--quick", action="store_true", help=argparse.SUPPRESS)  # sizes that mean nothing
    return words


def run(part: str, rounds: int, quick: bool, output: Path, **more: str) -> tuple[list[Row], bool]:
    """Print the rows of one part as they come, and write them down; raises ConfigError.

    Returns them, and whether one that is not reached is a failure.
    """
    if rounds < 1:
        raise ConfigError(f"--rounds: expected 1 or more, got {rounds}")
    if output.exists():
        raise ConfigError(f"--output: expected a new file, got {output}; choose another name")
    os.environ["OMP_NUM_THREADS"] = "1"  # read when torch is imported, here and in other processes
    rows: list[Row] = []
    measured = import_module(f"benchmark.part.{part}")
    found = measured.measure(rounds, quick, **more)
    print(getattr(measured, "HEADER", HEADER), flush=True)
    for row in found:
        print(row.line(), flush=True)
        rows.append(row)
    facts: dict[str, Any] = {"part": part, "rounds": rounds, "quick": quick}
    text = json.dumps({**facts, "rows": [row.plain() for row in rows], **describe()}, indent=2)
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("x", encoding="utf-8") as file:
        file.write(text + "\n")
    print(f"written to {output}")
    return rows, hasattr(measured, "FAILS")


def main(words: Sequence[str]) -> None:
    """Measure one part; the exit code tells whether it could be, and nothing of the figures."""
    told = parser().parse_args(words)
    if told.against and told.part != "guard":
        raise ConfigError(f"--against: expected with guard alone, got {told.part}; leave it out")
    more = {"against": told.against} if told.against else {}
    output = told.output or Path(run_folder()) / "bench.json"
    rows, fails = run(told.part, told.rounds, told.quick, output, **more)
    if told.readme:
        print(f"README.md: {renew(README, rows)} ratios of {told.part} written")
    if slower := [row.name for row in rows if fails and row.reached is False]:
        print(f"guard: slower than before: {', '.join(slower)}", file=sys.stderr)
        raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(exit_code(partial(main, sys.argv[1:])))
