"""The guard tells a tree that has become slower from one that noise makes look so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.benchmark.measure import Row, judged
from tests.conftest import PROJECT


@pytest.mark.parametrize(
    ("ratio", "lowest", "highest", "reached"),
    [
        *((1.04, 1.03, 1.05, True), (1.06, 1.05, 1.07, False)),  # a steady ratio
        *((1.2, 1.0, 1.5, True), (1.3, 1.0, 1.5, False), (0.5, 0.4, 0.6, True)),
    ],
)
def test_slower_is_what_lies_beyond_the_spread(
    ratio: float, lowest: float, highest: float, reached: bool
) -> None:
    assert judged(Row("a", "b", ratio, lowest, highest)).reached is reached


@pytest.mark.full
@pytest.mark.skipif(not (PROJECT / ".git").exists(), reason="an earlier commit needs git")
def test_a_slower_tree_ends_with_an_error(tmp_path: Path) -> None:
    told = ("guard", "--quick", "--rounds", "1", "--against")
    tree = tmp_path / "tree"
    subprocess.run(["git", "clone", "-q", str(PROJECT), str(tree)], check=True)
    slow = tree / "src" / "kindling" / "check" / "help.py"
    slow.write_text(slow.read_text(encoding="utf-8") + "\nimport torch\n", encoding="utf-8")
    command = [sys.executable, str(tree / "scripts" / "bench.py"), *told, "HEAD"]
    environment = {**os.environ, "PYTHONPATH": str(tree / "src"), "PYTHONIOENCODING": "utf-8"}
    result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8")
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert result.stderr.startswith("guard: slower than before: --help: now")
