"""What the checks make of command lines by chance, as JSON: python tests/check/judge.py SEED COUNT.

It runs in a process of its own, in an empty folder, so that what the checks import can be seen.
"""

import json
import re
import sys
import time
import traceback
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from fuzz import LINES_OF_A_SCENE, Fuzz  # beside this file
from omegaconf import OmegaConf

from kindling.check.compose import Composer
from kindling.check.option import Conf
from kindling.check.sweep import swept
from kindling.check.words import own, plain
from kindling.error import UserError
from kindling.run.naming import run_folder

PROJECT = Path(__file__).parents[2]
MOST_JOBS = 6  # of one sweep
LONGEST = 400  # characters of a message
SLOWEST = 2.0  # seconds of the processor for one line
HEAVY = {"torch", "pytorch_lightning", "torchmetrics", "matplotlib", "tensorboard", "scipy", "PIL"}
NEVER = {"antigravity", "this", "turtle"}  # nothing but a target names them


def judge(composer: Composer, words: list[str], in_sweep: bool) -> tuple[bool, list[str]]:
    """Whether the checks let a line pass, and what is wrong with how they took it."""
    start = time.process_time()
    try:
        cfg, errors = composer.check(words, in_sweep)
        faults = [fault for error in errors for fault in wrong_message(words, error)]
        if not errors and cfg is not None:
            plain(own(cfg))
        faults += ["neither a configuration nor an error"] if cfg is None and not errors else []
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)
        own_frames = [frame for frame in where if "kindling" in frame.filename]
        place = ", ".join(f"{Path(one.filename).name}:{one.lineno}" for one in own_frames[-2:])
        return False, [f"raised {type(error).__name__}: {str(error)[:200]} ({place})"]
    took = time.process_time() - start
    return not errors, faults + ([f"took {took:.1f} s"] if took > SLOWEST else [])


def wrong_message(words: list[str], error: object) -> Iterator[str]:
    """What is wrong with an error: it is one short line, with the exit code of what the words name."""
    text, line = str(error), " ".join(words)
    if not isinstance(error, UserError):
        yield f"a {type(error).__name__}: {text}"
        return
    lacking = "needs the package" in text
    codes = {2: "", 3: "data", 5: "init_from", 6: "" if lacking else "_target_"}
    if codes.get(error.exit_code, "no such code") not in line:
        yield f"exit code {error.exit_code}: {text}"
    if not text.strip() or len(text) > LONGEST or len(text.splitlines()) != 1:
        yield f"{len(text)} characters in {len(text.splitlines())} lines: {text[:LONGEST]}"
    if re.match(r"\s*:\s", text):
        yield f"names nothing: {text}"


def prepare(folder: Path) -> None:
    """The files that some words name."""
    (folder / "folder").mkdir(exist_ok=True)
    (folder / "empty.csv").touch()
    rows = [f"{row % 17},{'red' if row % 3 else 'blue'},{row % 2}" for row in range(60)]
    (folder / "good.csv").write_text("\n".join(["size,colour,good", *rows]))


def spread(composer: Composer, words: list[str]) -> list[tuple[list[str], bool, list[str]]]:
    """The first jobs of a sweep and what the checks make of each."""
    try:
        jobs = list(islice(composer.jobs(swept(composer, words, multirun=True) or words), MOST_JOBS))
    except UserError as error:
        return [(words, False, list(wrong_message(words, error)))]
    except Exception as error:
        return [(words, False, [f"raised {type(error).__name__} by jobs: {str(error)[:200]}"])]
    return [(job, *judge(composer, job, in_sweep=True)) for job in jobs]


def main(seed: int, count: int) -> dict[str, Any]:
    """Judge so many lines, one of eight as a sweep."""
    conf = Conf(PROJECT / "conf")
    fuzz, faults, passed, refused, slowest = Fuzz(conf, seed), [], [], 0, 0.0
    with Composer(conf) as composer:
        for number, words in enumerate(islice(fuzz.lines(), count)):
            if number % (4 * LINES_OF_A_SCENE) == 0:
                composer.bases.clear()
            start, in_sweep = time.process_time(), number % 8 == 7
            judged = (
                spread(composer, fuzz.sweep(words))
                if in_sweep
                else [(words, *judge(composer, words, in_sweep=False))]
            )
            slowest = max(slowest, (time.process_time() - start) / max(1, len(judged)))
            refused += not all(right for _, right, _ in judged)
            passed += [] if in_sweep else [job for job, right, _ in judged if right]
            faults += [(job, fault) for job, _, found in judged for fault in found]
    imported = sorted((HEAVY | NEVER) & sys.modules.keys())
    return {"refused": refused, "slowest": slowest, "faults": faults, "passed": passed, "imported": imported}


if __name__ == "__main__":
    seed, count = map(int, sys.argv[1:])
    sys.argv = [str(PROJECT / "train.py")]  # beside conf/
    OmegaConf.register_new_resolver("run_folder", run_folder)
    prepare(Path())
    print(json.dumps(main(seed, count)))
