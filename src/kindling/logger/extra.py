"""What the loggers share whose packages are extras."""

from importlib import import_module
from pathlib import Path
from typing import Any

from kindling.error import MachineError, one_line


def import_extra(option: str, module: str, package: str) -> Any:
    """A module of an extra's; raises MachineError with what to type where it can't be imported."""
    try:
        return import_module(module)
    except ImportError as error:
        text = f"logger={option}: {module} can't be imported ({one_line(error)})"
        raise MachineError(f"{text}; type: python -m pip install {package}") from error


def run_name(folder: str) -> str:
    """A run as its folder below outputs/ is called: `<time>-<6 hex>`, and `/<job>` in a sweep."""
    path = Path(folder)
    return "/".join(path.parts[-2:]) if path.name.isdecimal() else path.name
