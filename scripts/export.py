#!/usr/bin/env python3
"""Export a trained network to one file: python scripts/export.py --run last --format onnx.

The file takes raw values in batches of any size, and gives probabilities, or values in the target's own
units: normalisation is inside, and so are the names of classes and features, the settings and the
versions. onnx runs in other languages, torch_export without this program, safetensors are weights to
load elsewhere. It is loaded again and compared with the original on the test split, or on random rows
where the data can't be had; what differs by more than 1e-5 (numbers: of the largest) is not kept.

exit codes: 0 done, 2 wrong words, 5 the run can't be used or exported exactly, 6 this machine lacks
something, 128 + n stopped by signal n.
"""

import logging
import sys
import warnings
from collections.abc import Sequence
from functools import partial

import installed  # noqa: F401  # or it ends here, and says what to type

from kindling.check.command import Parser, exit_code
from kindling.export.place import find_form, find_place, forms
from kindling.run.find import find_checkpoint
from kindling.run.stop import Stop
from kindling.source.whole import require_possible

OUTPUT = "by default below outputs/export, by the run's name"


def parser() -> Parser:
    """The words of the command."""
    words = Parser("scripts/export.py", __doc__)
    run = "a run's folder, a checkpoint, a sweep's folder for its best job, or last, the default"
    words.add_argument("--run", metavar="RUN", default="last", help=run)
    words.add_argument("--format", required=True, choices=forms(), help="what to write")
    words.add_argument("--output", metavar="FILE", help=OUTPUT)
    words.add_argument("--force", action="store_true", help="replace a file that is there")
    return words


def main(words: Sequence[str]) -> None:
    """Do what the words say."""
    told = parser().parse_args(words)
    checkpoint = find_checkpoint(told.run)
    form = find_form(told.format)
    path = find_place(told.output, checkpoint, form.ENDING, told.force)
    Stop().listen()
    require_possible(path, "--output")
    logging.getLogger("pytorch_lightning").setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", module="pytorch_lightning|lightning_fabric")

    # torch takes seconds: only once the words are right
    from kindling.export.export import export

    print(export(checkpoint, form, path), file=sys.stderr)
    print(path)


if __name__ == "__main__":
    sys.exit(exit_code(partial(main, sys.argv[1:])))
