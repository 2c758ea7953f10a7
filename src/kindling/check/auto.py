"""task=auto: which task the data's own target asks for."""

from contextlib import suppress
from typing import Any

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from kindling.error import UserError


def task_of(cfg: DictConfig) -> str | None:
    """What the target of the data tells; None where it can't be read, which the checks tell."""
    from kindling.source.target import find_task  # brings numpy: only where it is needed

    with suppress(UserError, OmegaConfBaseException, TypeError):
        data: Any = OmegaConf.to_container(cfg.data, resolve=True, throw_on_missing=True)
        return find_task(data)
    return None
