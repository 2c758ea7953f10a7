"""A command that is typed with a Python without the packages says so in a line, with what to type instead."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT

ALONE = ("installed.py", "new_project.py", "release_notes.py", "update_from_template.py")  # need no packages
COMMANDS = [path for path in sorted((PROJECT / "scripts").glob("*.py")) if path.name not in ALONE]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda path: path.name)
def test_a_python_without_packages_is_told_with_the_command_that_was_typed(
    command: Path, tmp_path: Path
) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    words = [sys.executable, "-S", str(command), "-h"]  # -S: no packages
    result = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (6, "", 1)
    assert result.stderr.endswith(f"; type: scripts/run python scripts/{command.name}\n")
