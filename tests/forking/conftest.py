"""A small template, and its command that begins a project."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.forking.template import small

Begin = Callable[..., tuple[int, str]]


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return small(tmp_path / "kindling")


@pytest.fixture
def begin(template: Path, tmp_path: Path) -> Begin:
    """Call the command of the template from beside it: exit code and errors."""

    def call(*words: str, **variables: str) -> tuple[int, str]:
        command = [sys.executable, str(template / "scripts" / "new_project.py"), *words]
        environment = {**os.environ, **variables}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        return done.returncode, done.stderr

    return call
