"""What is told of a machine."""

from typing import NamedTuple


class Row(NamedTuple):
    """One thing, how it is, and what would not work for that, or nothing."""

    name: str
    text: str
    wrong: str = ""
