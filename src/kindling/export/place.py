"""Which kinds of files there are, what each needs, and where it goes; judged before torch is imported."""

import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Any

from kindling.error import ConfigError, MachineError
from kindling.export import form
from kindling.run.find import BEST, is_run
from kindling.source.path import user_path


def forms() -> list[str]:
    """The names of the kinds."""
    return sorted(name for _, name, _ in pkgutil.iter_modules(form.__path__))


def find_form(name: str) -> Any:
    """The module of a kind; raises MachineError where its packages are missing."""
    from kindling.package import has, install  # brings importlib.metadata

    found = import_module(f"{form.__name__}.{name}")
    lacking = [package for package in found.PACKAGES if not has(package)]
    if lacking:
        several = "packages" if len(lacking) > 1 else "package"
        told = f"--format {name}: needs the {several} {', '.join(lacking)}, not installed here"
        raise MachineError(f"{told}; type: {install(*lacking)}")
    return found


def find_place(output: str | None, checkpoint: Path, ending: str, force: bool) -> Path:
    """The file to write, by default named after its run below outputs/export; raises UserError."""
    path = user_path(output) if output else usual_place(checkpoint, ending)
    if output and path.suffix != ending:
        raise ConfigError(f"--output: expected a file ending in {ending}, got {output}")
    if path.is_dir() or (output and not path.parent.is_dir()):
        got = "a folder" if path.is_dir() else f"no folder {path.parent}"
        raise MachineError(f"--output: {path}: expected a file in a folder that is there, got {got}")
    if path.exists() and not force:
        told = f"--output: {path}: is there already"
        raise MachineError(f"{told}; name another with --output, or add --force to replace it")
    return path


def usual_place(checkpoint: Path, ending: str) -> Path:
    """After its run, and after a checkpoint that isn't the best."""
    run = next(filter(is_run, checkpoint.resolve().parents[:3]), None)
    parts = [run.name] if run else []
    if not run or checkpoint.name != BEST.name:
        parts.append(checkpoint.stem)
    return Path("outputs", "export", f"{'-'.join(parts)}{ending}")
