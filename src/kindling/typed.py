"""Commands as a message tells them: to be typed as they stand."""

import os


def runner() -> str:
    """How scripts/run was typed, if it was; comes before `python`."""
    return os.environ.get("KINDLING_RUNNER", "")


def install(*packages: str) -> str:
    """What installs packages, into the environment that runs."""
    return f"{runner()}python -m pip install {' '.join(packages)}"
