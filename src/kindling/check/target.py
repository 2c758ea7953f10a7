"""Whether what is to be built is there, as far as its source tells."""

import re
from typing import Any

from kindling.check.fit import spelled
from kindling.check.job import Job, short
from kindling.check.source import file_of, find, installed
from kindling.error import ConfigError, MachineError, UserError


def is_there(target: Any) -> bool:
    """Whether a target can be what it says, as far as its source tells."""
    if not isinstance(target, str) or not re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)+", target):
        return False
    module = target.rpartition(".")[0]
    return installed(target) and (
        not target.startswith("kindling.") or find(target) is not None or broken(module)
    )


def broken(module: str) -> bool:
    """Whether a file is there that can't be read as Python; its import tells more."""
    path = file_of(module)
    if path is None or not path.is_file():
        return False
    try:
        compile(path.read_bytes(), str(path), "exec")
    except (SyntaxError, ValueError):
        return True
    return False


def missing_target(job: Job, name: str, target: Any) -> UserError:
    """What to say of a target that isn't there."""
    where = job.where(f"{name}._target_")
    if not isinstance(target, str) or "." not in target:
        return ConfigError(
            f"{where}: expected a class by its dotted name, got {short(spelled(target))}; see conf/"
        )
    if not installed(target):
        package = target.partition(".")[0]
        if package.isidentifier():
            text = f"{where}: {short(target)} needs the package {package}, which isn't installed"
            return MachineError(f"{text}; type: python -m pip install {package}")
    return ConfigError(f"{where}: {short(target)} isn't there; expected a class of that name in its file")
