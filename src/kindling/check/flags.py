"""The flags of a command line: where they stand, and which there are."""

from argparse import ArgumentParser, Namespace
from typing import NoReturn

from hydra._internal.utils import get_args_parser

from kindling.check.explain import ALSO_CALLED
from kindling.check.option import Conf
from kindling.check.words import conf
from kindling.error import ConfigError, suggest

FLAGS_WITH_VALUE = {"--config-path", "-cp", "--config-name", "-cn", "--config-dir", "-cd", "--package", "-p"}
FLAGS_WITH_VALUE |= {"--cfg", "-c", "--experimental-rerun"}
SHOWS = ("cfg", "info", "hydra_help", "shell_completion", "experimental_rerun")  # what trains nothing


def flags_last(words: list[str]) -> list[str]:
    """Hydra's own parser refuses a flag between two overrides: `a=1 -m b=2`."""
    flags: list[str] = []
    overrides: list[str] = []
    for before, word in zip(["", *words], words, strict=False):
        owned = before in FLAGS_WITH_VALUE or (before in ("--info", "-i") and "=" not in word)
        (flags if word.startswith("-") or owned else overrides).append(word)
    return overrides + flags


def read_flags(words: list[str]) -> Namespace:
    """The command line as Hydra reads it; raises ConfigError."""
    parser: ArgumentParser = get_args_parser()
    known = [flag for action in parser._actions for flag in action.option_strings]

    def refuse(message: str) -> NoReturn:
        flags = [one.partition("=")[0] for one in words if one.startswith("-")]
        flag = next((one for one in flags if one not in known), "")
        word = flag.lstrip("-").partition("=")[0]
        if not flag or f"-{word}" in FLAGS_WITH_VALUE:
            raise ConfigError(f"{message}; see python train.py --help")
        folder = Conf(conf())
        names = [*folder.groups, *(name for name in folder.settings(folder.contents) if "._" not in name)]
        meant = suggest(ALSO_CALLED.get(word, word), names)
        near = meant.replace("?", "=… without the dashes?") or suggest(flag, known)
        other = f"; write {word}=… without the dashes" if len(word) > 1 else "; see python train.py --help"
        raise ConfigError(f"{flag}: no such flag{near or other}")

    parser.error = refuse  # type: ignore[method-assign]
    return parser.parse_args(words)
