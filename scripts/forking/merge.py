"""Merges into a project what leads from one commit to another; standard library only."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .command import ForkError, commit, complaint, git, run_git, undisturbed


def added(root: Path, base: str, theirs: str) -> list[str]:
    """The files that come, which this project doesn't have."""
    come = git(root, "diff", "--name-only", "--no-renames", "--diff-filter=A", "-z", base, theirs).split("\0")
    return sorted({*filter(None, come)} - {*git(root, "ls-files", "-z").split("\0")})


def require_room(root: Path, come: list[str]) -> None:
    """Raises ForkError where one that comes would write over a file that git ignores, or a link of it."""
    mine = git(root, "ls-files", "-z").split("\0")
    for name in come:
        above = [one for one in Path(name).parents if (root / one).is_symlink() or (root / one).is_file()]
        places = [one.as_posix() for one in (Path(name), *above) if os.path.lexists(root / one)]
        if taken := [one for one in places if one not in mine]:
            raise ForkError(f"{taken[0]}: comes from the template, and git ignores yours; move it away first")


def merge(root: Path, base: str, theirs: str, branch: str, trial: Path) -> int:
    """On a new branch, what leads from base to theirs is done here too; 1 where it conflicts.

    It is tried apart, so that nothing is touched here before it is known to work.
    """
    mine = git(root, "rev-parse", "HEAD").strip()
    git(root, "worktree", "add", "--quiet", "--detach", str(trial), mine)
    try:
        conflicts = merged(trial, base, mine, theirs, branch)
        if not conflicts:
            commit(trial, "template", f"Take what the template has changed up to {branch[9:]}")
        new = git(trial, "rev-parse", "HEAD").strip()
    finally:
        with undisturbed():
            git(root, "worktree", "remove", "--force", str(trial), check=False)
    with or_back(root, branch, added(root, base, theirs)):
        git(root, "switch", "--quiet", "--no-overwrite-ignore", "--create", branch, new)
        if missed := git(root, "status", "--porcelain").splitlines():  # which git only mentions
            raise ForkError(f"{missed[0][3:]}: can't be written; mend that, and type it again", 6)
        if conflicts:
            merged(root, base, mine, theirs, branch)
    if conflicts:
        told = "edit them, git add them and git commit; to give up: git reset --hard and git switch -"
        print(f"{branch}: conflicts in {', '.join(conflicts)}; {told}")
        return 1
    print(f"{branch}: merged; next: scripts/check, then git merge {branch} on the branch that it came from")
    return 0


def merged(folder: Path, base: str, mine: str, theirs: str, branch: str) -> list[str]:
    """Merge into the files of a folder; the paths that conflict."""
    names = {f"GITHEAD_{mine}": "yours", f"GITHEAD_{theirs}": branch}  # as conflicts are labelled
    done = run_git(folder, "merge-recursive", base, "--", mine, theirs, **names)
    found = git(folder, "diff", "--name-only", "--diff-filter=U").splitlines()
    if done.returncode and not found:
        raise ForkError(f"git merge-recursive: {complaint(done)}", 6)
    return found


@contextmanager
def or_back(root: Path, branch: str, come: list[str]) -> Iterator[None]:
    """If what is done fails, or a signal ends it, everything is as before."""
    before = git(root, "symbolic-ref", "--quiet", "--short", "HEAD", check=False).strip()
    back = [before] if before else ["--detach", git(root, "rev-parse", "HEAD").strip()]
    try:
        yield
    except BaseException:
        with undisturbed():
            git(root, "reset", "--quiet", "--hard", check=False)
            git(root, "switch", "--quiet", *back, check=False)
            git(root, "branch", "--quiet", "--delete", "--force", branch, check=False)
            for name in come:
                with suppress(OSError):
                    (root / name).unlink()
        raise
