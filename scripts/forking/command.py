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
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

ELSEWHERE = (  # as a hook or an alias elsewhere sets them
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"),
    *("GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_PREFIX"),
)
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


def run_git(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run git in that folder, without anybody's hooks."""
    command = ["git", "-c", "core.quotepath=false", "-c", f"core.hooksPath={os.devnull}", *words]
    here = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    told: dict[str, Any] = {"capture_output": True, "text": True, "encoding": "utf-8"}
    try:
        return subprocess.run(command, cwd=folder, env=here | variables, **told)
    except FileNotFoundError:
        raise ForkError("git: is not installed; install it first", 6) from None


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    """What a program said was wrong; its advice may follow that."""
    said = (done.stderr or done.stdout).strip().splitlines() or ["failed"]
    return next((line for line in said if line.startswith(("fatal: ", "error: "))), said[-1])


def git(folder: Path, *words: str, check: bool = True) -> str:
    """What git prints; its complaint is ours."""
    done = run_git(folder, *words)
    if check and done.returncode:
        raise ForkError(f"git {words[0]}: {complaint(done)}", 6)
    return done.stdout


def commit(folder: Path, author: str, message: str) -> None:
    """Commit what is staged, unsigned, by the author where git knows nobody."""
    known = {"user.name": author, "user.email": ""}
    who = [f"{key}={value}" for key, value in known.items() if not git(folder, "config", key, check=False)]
    settings = [word for one in [*who, "commit.gpgsign=false"] for word in ("-c", one)]
    git(folder, *settings, "commit", "--quiet", "--no-verify", f"--message={message}")


def require_clean(folder: Path) -> None:
    """Raises ForkError where it isn't a git repository of its own with everything committed."""
    asked = run_git(folder, "rev-parse", "--show-toplevel")
    if asked.returncode or Path(asked.stdout.strip()).resolve() != folder:
        got = (asked.stdout or asked.stderr).partition("\n")[0]  # as of one that belongs to somebody else
        raise ForkError(f"{folder}: expected a git repository of its own, got {got}; clone it by git")
    if changed := git(folder, "status", "--porcelain").splitlines():
        raise ForkError(
            f"{folder}: has changes that aren't committed ({changed[0][3:]}, …); commit them first"
        )


def public(address: str) -> str:
    """An address without what could be secret: over ssh with the user's name, else without any."""

    def kept(found: re.Match[str]) -> str:
        return found[1] + (f"{found[2].partition(':')[0]}@" if "ssh" in found[1] else "")

    return re.sub(r"^((?:[\w+.-]+::)?[\w+.-]+://)([^/]*)@", kept, address.partition("?")[0])


@contextmanager
def scratch(prefix: str, within: Path | None = None) -> Iterator[Path]:
    """A folder for a while; no signal keeps it from leaving."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=within))
    try:
        yield folder
    finally:
        with undisturbed():
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def undisturbed() -> Iterator[None]:
    """For what undoes the rest: no signal is heard."""
    before = {one: signal.signal(one, signal.SIG_IGN) for one in (signal.SIGINT, *ENDING)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def end(number: int, _: FrameType | None) -> NoReturn:
    """What a signal comes to: all that is being done is undone on the way out."""
    print(f"stopped by {signal.Signals(number).name}", file=sys.stderr)
    sys.exit(128 + number)


def call(main: Callable[[list[str]], int], words: list[str]) -> int:
    """The exit code of a command; what is wrong is one line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # of a path that the terminal has no letters for
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
