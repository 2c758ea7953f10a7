"""What is needed to know what ran: the code, the packages and the machine."""

import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[3]


def describe() -> dict[str, Any]:
    """Git commit and changes, package versions, machine; plain values for environment.json."""
    return {"git": describe_git(PROJECT), "machine": describe_machine(), "packages": describe_packages()}


def describe_git(folder: Path) -> dict[str, Any] | None:
    """The commit, the diff of a changed tree and the names of new files; None outside a repository."""

    def git(*words: str) -> str:
        command = ["git", "-C", str(folder), *words]
        return subprocess.run(command, capture_output=True, check=True, text=True, errors="replace").stdout

    try:
        commit = git("rev-parse", "HEAD").strip()
        untracked = git("ls-files", "--others", "--exclude-standard").splitlines()
        return {"commit": commit, "diff": git("diff", "HEAD"), "untracked": untracked}
    except (OSError, subprocess.CalledProcessError):
        return None


def describe_machine() -> dict[str, Any]:
    """Where it ran."""
    return {
        "name": platform.node(),
        "system": platform.platform(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "threads": os.environ.get("OMP_NUM_THREADS", usable_cores()),  # sums depend on their number
        "python": sys.version.split()[0],
    }


def usable_cores() -> int | None:
    """How many this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def describe_packages() -> dict[str, str]:
    """Name and version of every installed package; the folders' names have both, and need no reading."""
    folders = (info.stem for place in sys.path for info in Path(place).glob("*.dist-info"))
    named = (folder.rpartition("-") for folder in folders)
    found = {name.replace("_", "-"): version for name, _, version in named if name}
    return dict(sorted(found.items(), key=lambda item: item[0].lower()))
