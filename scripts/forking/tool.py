"""Programs that a fork is made with; standard library only."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

from .command import ForkError, git

BIN = "Scripts" if sys.platform == "win32" else "bin"


def tracked(folder: Path) -> list[str]:
    """The paths of all files that git knows."""
    return [name for name in git(folder, "ls-files", "-z").split("\0") if name]


def tidy(folder: Path, template: Path, scratch: Path) -> None:
    """Sort imports, drop unused ones and wrap lines anew, as the checks of the project want them."""
    ruff = find_ruff(template, scratch)
    quiet = ("--quiet", "--no-cache")
    run(folder, ruff, "check", "--fix-only", "--select=I,F401", *quiet, ".")
    run(folder, ruff, "format", *quiet, ".")
    run(folder, ruff, "check", "--add-noqa", "--select=E501", *quiet, ".")  # words can't be wrapped


def find_ruff(template: Path, scratch: Path) -> str:
    """The linter at the locked version, from the template's environment or this one, or else installed."""
    lock = (template / "requirements.lock").read_text(encoding="utf-8").splitlines()
    wanted = next(line.partition("==")[2] for line in lock if line.startswith("ruff=="))
    near = (template / ".venv" / BIN, Path(sys.executable).parent, None)
    found = [shutil.which("ruff", path=folder and str(folder)) for folder in near]
    for ruff in filter(None, found):
        if subprocess.run([ruff, "--version"], capture_output=True, text=True).stdout.split()[-1:] == [
            wanted
        ]:
            return ruff
    print(f"ruff {wanted}: installing for a moment, to wrap the lines", file=sys.stderr)
    try:
        venv.create(scratch / "ruff", with_pip=True)
    except subprocess.CalledProcessError:  # Debian's Python comes without ensurepip
        raise ForkError(
            f"Python: can't make an environment here; pip install ruff=={wanted} first", 6
        ) from None
    pip = (str(scratch / "ruff" / BIN / "python"), "-m", "pip", "install", "--quiet", f"ruff=={wanted}")
    run(scratch, *pip)
    return str(scratch / "ruff" / BIN / "ruff")


def run(folder: Path, *words: str) -> None:
    """Raises ForkError with its last line where a program fails."""
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["failed"]
        raise ForkError(f"{Path(words[0]).name}: {said[-1]}", 6)
