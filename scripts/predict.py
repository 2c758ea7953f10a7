#!/usr/bin/env python3
"""Predict with a trained network: python scripts/predict.py --run last --input new.csv --output out.csv.

What it reads is of the kind that the run was trained on: CSV (also in gzip) or JSON lines with the same
columns in any order; images, or folders of them; series, with a forecast from each window of rows; and
.npy with an array of (rows, …) for every kind. Rows are read, predicted and written a batch at a time.
Each row of the output has the row's id or its number from 0 or the image's file, then `prediction`: the
class, or the value in the target's own units; several values are prediction_1, prediction_2, …

exit codes: 0 done, 2 wrong words, 3 the input, 4 a prediction is not finite, 5 the run can't be used,
6 this machine lacks something, 128 + n stopped by signal n.
"""

import argparse
import logging
import sys
import warnings
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import installed  # noqa: F401  # or it ends here, and says what to type
from tqdm import tqdm

from kindling.check.command import Parser, exit_code
from kindling.error import ConfigError, NotFiniteError
from kindling.predict.output import STANDARD_OUTPUT, require_writable, writing
from kindling.run.find import find_checkpoint
from kindling.run.stop import Stop
from kindling.source.path import user_path
from kindling.source.text import STANDARD_INPUT

if TYPE_CHECKING:
    from kindling.predictor import Predictor

BATCH = "rows at once: by default 1024, or fewer where they are large; 1 answers each row as it comes"
MOST = 10**9  # rows at once
OUTPUT = "a file ending in .csv, .jsonl or .parquet, or - for CSV on standard output"


def parser() -> Parser:
    """The words of the command."""
    words = Parser("scripts/predict.py", __doc__)
    run = "a run's folder, a checkpoint, a sweep's folder for its best job, or last, the default"
    words.add_argument("--run", metavar="RUN", default="last", help=run)
    several = "a file, or a folder of images; - is standard input; may be repeated"
    words.add_argument("--input", metavar="FILE", action="append", required=True, help=several)
    words.add_argument("--output", metavar="FILE", required=True, help=OUTPUT)
    words.add_argument("--probabilities", action="store_true", help="a column more for each class")
    words.add_argument(
        "--last", action="store_true", help="of a series, only the forecast from its last rows"
    )
    words.add_argument("--batch-size", metavar="N", type=count, help=BATCH)
    words.add_argument(
        "--device", choices=["auto", "cpu", "cuda"], default="auto", help="auto is the default"
    )
    words.add_argument("--force", action="store_true", help="replace the output where it is there already")
    return words


def count(word: str) -> int:
    """A number of rows."""
    if not word.isdecimal() or not 1 <= int(word) <= MOST:
        raise argparse.ArgumentTypeError(f"expected 1 to {MOST}, got {word[:20]}")
    return int(word)


def predict(told: argparse.Namespace) -> None:
    """Read, predict and write, a batch at a time."""
    checkpoint = find_checkpoint(told.run)
    Stop().listen()  # so that a signal leaves no half file
    require_writable(told.output, told.force, told.input)

    from kindling.predictor import load  # which takes seconds: only once the words are right

    found = load(checkpoint, told.device, told.batch_size)
    require_suitable(told, found)
    rows = 0
    inputs = [STANDARD_INPUT if name == "-" else user_path(name) for name in told.input]
    with writing(told.output) as output, progress(told.output) as bar:
        for names, outputs in found.batches(inputs):
            output.write({**names, **columns(found, outputs, told.probabilities, rows)})
            if told.output == STANDARD_OUTPUT:
                sys.stdout.flush()
            rows += len(outputs)
            bar.update(len(outputs))
    if sys.stderr.isatty():
        print(f"{told.output}: {rows:,} rows, predicted by {checkpoint}", file=sys.stderr)


def require_suitable(told: argparse.Namespace, found: "Predictor") -> None:
    """Refuse words that this run can't follow; raises ConfigError."""
    if told.probabilities and not found.classes:
        raise ConfigError("--probabilities: expected a run that predicts classes, got numbers; leave it out")
    if told.last:
        if not hasattr(found.reader, "last"):
            raise ConfigError("--last: expected a run on a series, got another; leave it out")
        found.reader.last = True


def columns(found: "Predictor", outputs: Any, probabilities: bool, start: int) -> dict[str, Sequence[Any]]:
    """What is predicted for each row of a batch, by the names of the output's columns."""
    import numpy as np

    table = outputs.reshape(len(outputs), -1)  # (rows, values)
    if not np.isfinite(table).all():
        row = start + int((~np.isfinite(table)).any(1).argmax())
        raise NotFiniteError(
            f"row {row}: expected a finite prediction, got one that is not; look at that row"
        )
    if not found.classes:
        several = table.shape[1] > 1
        values = enumerate(table.T.tolist(), 1)
        return {f"prediction_{at}" if several else "prediction": column for at, column in values}
    named = {"prediction": found.likeliest(outputs).tolist()}
    if not probabilities:
        return named
    both = table if outputs.ndim == 2 else np.concatenate([1 - table, table], 1)
    chances = zip(found.classes, both.T.tolist(), strict=True)
    return {**named, **{f"probability_{name}": column for name, column in chances}}


def progress(output: str) -> "tqdm[Any]":
    """A bar on a terminal, if the rows don't go there."""
    tqdm.monitor_interval = 0  # a thread of its own would swallow a signal as it starts
    shown = output != STANDARD_OUTPUT or not (sys.stdout and sys.stdout.isatty())
    return tqdm(unit=" rows", leave=False, disable=None if shown else True)


def main(words: Sequence[str]) -> None:
    """Do what the words say."""
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    warnings.filterwarnings("ignore", module="pytorch_lightning|lightning_fabric")
    predict(parser().parse_args(words))


if __name__ == "__main__":
    sys.exit(exit_code(partial(main, sys.argv[1:])))
