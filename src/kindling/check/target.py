"""Whether what is to be built is there, as far as its source tells."""

import re
from typing import Any

from kindling.check.fit import spelled
from kindling.check.job import Job, short
from kindling.check.source import absent, beside, file_of, find, installed, names
from kindling.error import ConfigError, MachineError, UserError, suggest
from kindling.typed import install


def is_there(target: Any) -> bool:
    """Whether a target can be what it says, as far as its source tells."""
    if not isinstance(target, str) or not re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)+", target):
        return False
    module = target.rpartition(".")[0]
    if not target.startswith("kindling."):  # of others it is only known what they never mention
        return installed(target) and absent(target) is None
    return find(target) is not None or broken(module)


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
    package = target.partition(".")[0]
    if not installed(target) and package.isidentifier():
        return lacking(where, short(target), package)
    hint = near(target) or "; expected a class of that name in its file"
    return ConfigError(f"{where}: {short(target)} isn't there{hint}")


def lacking(where: str, word: str, package: str) -> MachineError:
    """What to say of a word that needs a package which isn't installed."""
    text = f"{where}: {word} needs the package {package}, which isn't installed"
    return MachineError(f"{text}; type: {install(package)}")


def near(target: str) -> str:
    """The dotted name that was meant, as the end of a sentence."""
    module, name = absent(target) or ("", "")
    is_last = target == f"{module}.{name}"
    known = names(module) if is_last else beside(module)
    alike = sorted(known, key=lambda one: one[:1].isupper() == name[:1].isupper())  # adam, and then Adam
    rest = target.removeprefix(f"{module}.{name}")
    return suggest(name, [f"{module}.{one}" for one in alike]).replace("?", f"{rest}?") if module else ""
