"""What the loggers share whose packages are extras."""

from importlib import import_module
from pathlib import Path
from typing import Any

from kindling.error import MachineError, one_line
from kindling.sweep.job import NAME
from kindling.typed import install


def import_extra(option: str, module: str, package: str) -> Any:
    """A module of an extra's; raises MachineError with what to type where it can't be imported."""
    try:
        return import_module(module)
    except ImportError as error:
        text = f"logger={option}: {module} can't be imported ({one_line(error)})"
        raise MachineError(f"{text}; type: {install(package)}") from error


def run_name(folder: str) -> str:
    """A run as its folder below outputs/ is called: `<time>-<6 hex>`, and `<sweep>/<job>` in a sweep."""
    path = Path(folder)
    return "/".join(path.parts[-2:]) if NAME.fullmatch(path.name) else path.name


def kept_id(folder: str, logger: str) -> str | None:
    """By which a record elsewhere is known that a run of this folder has begun; None where none has."""
    path = Path(folder, f"{logger}.txt")
    return path.read_text(encoding="utf-8").strip() if path.exists() else None


def keep_id(folder: str, logger: str, name: str) -> None:
    """Note it for a run that goes on."""
    Path(folder, f"{logger}.txt").write_text(f"{name}\n", encoding="utf-8")
