"""Whether a network is still written as it was when a checkpoint was trained."""

import hashlib
import inspect
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import nn

from kindling.run.folder import shown

log = logging.getLogger(__name__)


def digest_code(net: nn.Module) -> str:
    """The sha256 of the file that its class is written in; nothing for one that isn't in a file."""
    try:
        return hashlib.sha256(Path(inspect.getfile(type(net))).read_bytes()).hexdigest()
    except (OSError, TypeError):
        return ""


def tell_changed(net: nn.Module, kept: Mapping[str, Any], file: Path) -> None:
    """Warn where the network's file has been edited since, with which weights may come to something else."""
    now = digest_code(net)
    if now and kept.get("code", now) != now:
        source = shown(Path(inspect.getfile(type(net))))
        log.warning(
            "%s: has changed since %s was trained; its results may differ from the run's", source, file
        )
