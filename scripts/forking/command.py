"""A command that works on git's folders, and tells a mistake in one line; standard library only."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

ELSEWHERE = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
)  # as a hook or an alias elsewhere sets them


class ForkError(Exception):
    """What is wrong, in one line, and the exit code that it ends with."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code


class Parser(argparse.ArgumentParser):
    """Refuses wrong words by a ForkError."""

    def __init__(self, name: str, description: str | None) -> None:
        shape = argparse.RawDescriptionHelpFormatter
        super().__init__(name, description=description, formatter_class=shape, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """Called by argparse."""
        raise ForkError(f"{self.prog}: {message}; see {self.prog} -h")


def git(folder: Path, *words: str, check: bool = True) -> str:
    """What git prints, in that folder and without anybody's hooks; the last line of its complaint is ours."""
    command = ["git", "-c", "core.quotepath=false", "-c", f"core.hooksPath={os.devnull}", *words]
    here = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    told: dict[str, Any] = {"capture_output": True, "text": True, "encoding": "utf-8"}
    try:
        done = subprocess.run(command, cwd=folder, env=here, **told)
    except FileNotFoundError:
        raise ForkError("git: is not installed; install it first", 6) from None
    if check and done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["failed"]
        raise ForkError(f"git {words[0]}: {said[-1]}", 6)
    return done.stdout


def commit(folder: Path, author: str, message: str) -> None:
    """Commit what is staged, unsigned, by the author where git knows nobody."""
    known = {"user.name": author, "user.email": ""}
    who = [f"{key}={value}" for key, value in known.items() if not git(folder, "config", key, check=False)]
    settings = [word for one in [*who, "commit.gpgsign=false"] for word in ("-c", one)]
    git(folder, *settings, "commit", "--quiet", "--no-verify", f"--message={message}")


def require_clean(folder: Path) -> None:
    """Raises ForkError where it isn't a git repository of its own with everything committed."""
    top = git(folder, "rev-parse", "--show-toplevel", check=False).strip()
    if not top or Path(top).resolve() != folder:
        raise ForkError(
            f"{folder}: expected a git repository of its own, got {top or 'none'}; clone it by git"
        )
    if changed := git(folder, "status", "--porcelain").splitlines():
        raise ForkError(
            f"{folder}: has changes that aren't committed ({changed[0][3:]}, …); commit them first"
        )


def call(main: Callable[[list[str]], int], words: list[str]) -> int:
    """The exit code of a command; what is wrong is one line."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return main(words)
    except ForkError as refused:
        print(refused, file=sys.stderr)
        return refused.code
    except OSError as error:  # a full disk, a folder that can't be written to
        print(f"{error.filename or 'disk'}: {error.strerror}; mend that, and type it again", file=sys.stderr)
        return 6
    except KeyboardInterrupt:
        print("stopped by SIGINT", file=sys.stderr)
        return 130
