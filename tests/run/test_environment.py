"""The record names the commit, the change on top of it, the packages and the machine."""

import shutil
import subprocess
from pathlib import Path

import pytest
import torch

from kindling.run.environment import describe, describe_git


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_changed_tree_is_told_from_its_commit(tmp_path: Path) -> None:
    def git(*words: str) -> str:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
        command = ["git", "-C", str(tmp_path), *identity, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    git("init", "-q")
    (tmp_path / "a.txt").write_text("old\n")
    git("add", ".")
    git("commit", "-qm", "first")
    clean = describe_git(tmp_path)
    (tmp_path / "a.txt").write_text("new\n")
    (tmp_path / "b.txt").write_text("more\n")
    changed = describe_git(tmp_path)
    assert clean == {"commit": git("rev-parse", "HEAD").strip(), "diff": "", "untracked": []}
    assert changed is not None
    assert changed["commit"] == clean["commit"]
    assert "-old\n+new\n" in changed["diff"]
    assert changed["untracked"] == ["b.txt"]


def test_a_folder_without_git_is_no_error(tmp_path: Path) -> None:
    assert describe_git(tmp_path) is None


def test_packages_have_their_versions() -> None:
    assert describe()["packages"]["torch"] == torch.__version__
