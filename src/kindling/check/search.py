"""The folders that options come from: the one of conf/, and those that flags and hydra.searchpath name."""

from pathlib import Path
from typing import Any

import yaml
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from kindling.check.grammar import key_of
from kindling.check.option import Conf, folder_of
from kindling.error import ConfigError, suggest

KEY = "hydra.searchpath"


def searched(main: Path, words: list[str]) -> tuple[str, ...]:
    """What the words name, or else the table of contents; nothing where it can't be read."""
    try:
        typed = [OverridesParser.create().parse_override(word) for word in words if key_of(word) == KEY]
        told = typed[-1].value() if typed else in_file(main)
        found: Any = OmegaConf.to_container(OmegaConf.create({"told": told}), resolve=True)
    except (HydraException, OmegaConfBaseException, OSError, ValueError, yaml.YAMLError):
        return ()
    listed = found["told"]
    return tuple(map(str, listed)) if isinstance(listed, list) else ()


def in_file(main: Path) -> Any:
    """What the table of contents sets it to."""
    found = yaml.safe_load(main.read_text(encoding="utf-8"))
    hydra = found.get("hydra") if isinstance(found, dict) else None
    return hydra.get("searchpath") if isinstance(hydra, dict) else None


def require_files(conf: Conf) -> None:
    """Raise ConfigError where the folders or the table of contents that flags name aren't there."""
    if not conf.folder.is_dir():
        raise ConfigError(f"--config-path: expected a folder, got none at {conf.folder}; leave it out")
    if not conf.main.is_file():
        names = sorted(path.stem for path in conf.folder.glob("*.yaml"))
        hint = suggest(conf.name, names) or "; leave it out"
        raise ConfigError(f"--config-name={conf.name}: expected one of {', '.join(names)}, got no file{hint}")
    if conf.beside and not conf.beside.is_dir():
        raise ConfigError(f"--config-dir={conf.beside}: expected a folder, got none there; name another")
    for place in conf.search:
        if (folder := folder_of(place)) and not folder.is_dir():
            raise ConfigError(f"{KEY}: expected a folder, got none at {folder}; name another")
