"""The flags of a command line: where they stand, and which there are."""

from argparse import ArgumentParser, Namespace
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from hydra._internal.utils import get_args_parser
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from kindling.check.compose import Composer
from kindling.check.explain import ALSO_CALLED
from kindling.check.option import Conf, folder_of
from kindling.check.search import searched
from kindling.check.words import conf, unresolved
from kindling.error import ConfigError, dotted, suggest

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


def named(flags: Namespace) -> Conf:
    """The configuration that the flags name: its folder, its table of contents, and more folders."""
    folder = conf().parent / (folder_of(flags.config_path) or "") if flags.config_path else conf()
    beside = Path(flags.config_dir) if flags.config_dir else None
    name = (flags.config_name or "config").removesuffix(".yaml")
    return Conf(folder, name, beside, searched(folder / f"{name}.yaml", flags.overrides))


def require_part(flags: Namespace) -> None:
    """Raise ConfigError where --package names nothing that --cfg could show."""
    told = f"--package {flags.package}"
    if not flags.cfg:
        raise ConfigError(f"{told}: goes with --cfg, got none; write --cfg job {told}")
    with Composer(named(flags)) as composer:
        cfg, _, _ = composer.job(flags.overrides)
    if cfg is None or flags.package == "_global_":
        return
    names = [str(name) for name in cfg if flags.cfg == "all" or (name == "hydra") == (flags.cfg == "hydra")]
    part = OmegaConf.masked_copy(cfg, names)
    with suppress(OmegaConfBaseException):  # it refers to what there is later
        if OmegaConf.select(part, flags.package) is None:
            known = list(dotted(unresolved(part)))
            lack = "holds nothing" if flags.package in known else "no part of that name"
            hint = suggest(flags.package, known) if flags.package not in known else ""
            raise ConfigError(f"{told}: {lack}{hint or f'; write --cfg {flags.cfg} alone'}")
