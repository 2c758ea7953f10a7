"""A picture that a notebook shows."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Picture:
    """A file that Jupyter draws where a cell ends with it; nothing has to be installed for that."""

    path: Path

    def _repr_png_(self) -> bytes:
        """Called by Jupyter."""
        return self.path.read_bytes()
