"""Paths as users write them."""

from contextlib import suppress
from pathlib import Path

Location = str | float  # a path that looks like a number is one all the same


def user_path(path: Location) -> Path:
    """The path of a setting, which may begin with ~ or look like a number."""
    found = Path(str(path))
    with suppress(RuntimeError):  # no such user: the path is told to be missing
        found = found.expanduser()
    return found
