"""A command that works on git's folders, and tells a mistake in one line; standard library only."""

from __future__ import annotations  # so that an old Python comes as far as the message about it

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")  # as a hook or an alias elsewhere sets them
OLDEST = (3, 11)
ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]

if sys.version_info < OLDEST:  # which couldn't read the other modules
    found, wanted = (".".join(map(str, one[:2])) for one in (sys.version_info, OLDEST))
    print(f"Python: expected {wanted} or newer, got {found}; scripts/run python … takes one", file=sys.stderr)
    sys.exit(6)


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


def public(address: str) -> str:
    """An address without what could be secret: over ssh with the user's name, else without any."""

    def kept(found: re.Match[str]) -> str:
        return found[1] + (f"{found[2].partition(':')[0]}@" if "ssh" in found[1] else "")

    return re.sub(r"^([\w+.-]+://)([^/]*)@", kept, address)


@contextmanager
def scratch(prefix: str, within: Path | None = None) -> Iterator[Path]:
    """A folder for a while; no signal keeps it from leaving."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=within))
    try:
        yield folder
    finally:
        before = {one: signal.signal(one, signal.SIG_IGN) for one in (signal.SIGINT, *ENDING)}
        shutil.rmtree(folder, ignore_errors=True)
        for one, handler in before.items():
            signal.signal(one, handler)


def end(number: int, _: FrameType | None) -> NoReturn:
    """What a signal comes to: all that is being done is undone on the way out."""
    print(f"stopped by {signal.Signals(number).name}", file=sys.stderr)
    sys.exit(128 + number)


def call(main: Callable[[list[str]], int], words: list[str]) -> int:
    """The exit code of a command; what is wrong is one line."""
    for one in ENDING:
        if signal.getsignal(one) != signal.SIG_IGN:  # as under nohup
            signal.signal(one, end)
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
