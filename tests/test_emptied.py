"""Every YAML that is not empty by intent matters: emptied, it makes a test fail."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.test_conf import OPTIONS, name

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project in a folder where it may be broken."""
    folder = tmp_path_factory.mktemp("copy")
    for part in ("conf", "src", "tests", "scripts"):
        shutil.copytree(PROJECT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "train.py", "README.md"):
        shutil.copy(PROJECT / file, folder)
    return folder


@pytest.mark.parametrize("path", [path for path in OPTIONS if path.stem not in ("none", "auto")], ids=name)
def test_an_emptied_yaml_makes_a_test_fail(path: Path, copy: Path) -> None:
    emptied = copy / path.relative_to(PROJECT)
    whole = emptied.read_text(encoding="utf-8")
    comments = [line for line in whole.splitlines() if line.startswith("#")]
    emptied.write_text("\n".join([*comments, ""]), encoding="utf-8")
    try:
        words = ["-q", "-x", "tests/test_conf.py", "-k", f"changes_the_configuration and {path.stem}"]
        environment = {**os.environ, "PYTHONPATH": str(copy / "src")}
        command = [sys.executable, "-m", "pytest", *words]
        result = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
    finally:
        emptied.write_text(whole, encoding="utf-8")
    assert result.returncode == 1, result.stdout
