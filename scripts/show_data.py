#!/usr/bin/env python3
"""Look at the data before you train: python scripts/show_data.py data=digits augmentation=affine.

It takes the words of train.py, prints what is in the set and draws a picture of it.
"""

import logging
import sys
from functools import partial
from pathlib import Path

import installed  # noqa: F401  # or it ends here, and says what to type
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig

from kindling.check.command import Parser
from kindling.check.compose import Composer
from kindling.check.ended import Ended
from kindling.check.launch import guard
from kindling.check.option import Conf
from kindling.check.words import choices, conf, told_of
from kindling.error import ConfigError
from kindling.run.naming import run_folder
from kindling.source.whole import require_possible

NAME = "scripts/show_data.py"


def show(command: list[str]) -> None:
    """Print the facts of the set that the words describe, and draw its picture."""
    words, output = read(command)
    cfg = composed(words)

    # torch takes seconds: only once the words are right
    from kindling.build import make
    from kindling.look.facts import describe
    from kindling.look.picture import save_picture

    data = make(cfg, "data")
    with told_of("data"):
        data.setup()
    augmentation = make(cfg, "augmentation", spec=data.spec, seed=data.seed)
    augmentation.adopt(data.statistics)

    print(describe(data, choices()["data"]))
    path = output or Path(run_folder()) / "data.png"
    # a folder of its own is always new, so that only a file that was named is written over
    path.parent.mkdir(parents=True, exist_ok=output is not None)
    save_picture(data, augmentation, path)
    print(f"\npicture: {path}")


def read(command: list[str]) -> tuple[list[str], Path | None]:
    """The words, and where the picture is to go; raises ConfigError for a flag."""
    usage = f"python {NAME} data=… [augmentation=…] [--output FILE]"
    parser = Parser(NAME, __doc__, usage=usage)
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="the picture, in place of outputs/…/data.png; replaced"
    )
    options, words = parser.parse_known_args(command)
    flag = next((word for word in words if word.startswith("-")), None)
    if flag is not None:
        raise ConfigError(f"{NAME}: expected words such as data=digits, and --output FILE alone, got {flag}")
    if not words:
        parser.print_help()
        raise SystemExit(2)
    output = options.output
    if output is not None and (output.suffix.lower() != ".png" or output.is_dir()):
        raise ConfigError(f"--output: expected a file whose name ends in .png, got {output}")
    if output is not None:
        require_possible(output, "--output")
    return words, output


def composed(words: list[str]) -> DictConfig:
    """The configuration that train.py gets from these words; leaves with a line on each mistake."""
    with Composer(Conf(conf())) as composer:
        cfg, wrong = composer.check(words)
    if cfg is None or wrong:
        raise Ended(*wrong)
    HydraConfig.instance().set_config(cfg)  # messages name the words that were chosen
    return cfg


if __name__ == "__main__":
    logging.basicConfig(format="%(levelname)s: %(message)s")
    guard(partial(show, sys.argv[1:]))
