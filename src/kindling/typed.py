"""Commands and words as a message tells them: to be typed as they stand."""

import os
import shlex


def runner() -> str:
    """How scripts/run was typed, if it was; comes before `python`."""
    return os.environ.get("KINDLING_RUNNER", "")


def install(*packages: str) -> str:
    """What installs packages, into the environment that runs."""
    return f"{runner()}python -m pip install {' '.join(packages)}"


def quoted(word: str) -> str:
    """A word of train.py's for a shell, which would read brackets and spaces in its own way."""
    return shlex.quote(word)
