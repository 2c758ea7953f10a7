"""Whatever the words: a short line for each mistake, or a configuration that builds; drawn by fuzz.py."""

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from omegaconf import DictConfig

from kindling.build import build
from kindling.check.launch import known_error
from kindling.error import UserError
from tests.conftest import PROJECT

JUDGE = Path(__file__).with_name("judge.py")
PARTS = 8  # shared out to the processes of the tests
FEW, MANY = 500, 50_000  # lines, here and with --full
BUILT, MORE_BUILT = 8, 300
# what reads the network, starts services, takes long, or is a class that isn't made for its place
UNBUILT = r"mnist|cifar|wandb|mlflow|adding_problem|_target_|\d{5}|\de\+?\d"


def fuzz(seed: int, count: int, folder: Path) -> dict[str, Any]:
    """What the checks made of so many lines."""
    command = [
        sys.executable,
        "-W",
        "error",
        "-W",
        "ignore::FutureWarning",
        str(JUDGE),
        str(seed),
        str(count),
    ]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8")
    assert (result.returncode, result.stderr) == (0, "")
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def build_or_refuse(words: list[str], composed: Callable[..., DictConfig], folder: Path) -> None:
    """Build what one batch needs; raises what is no line of its own."""
    try:
        build(composed(*(word for word in words if not word.startswith("debug=")), "debug=one_batch"), folder)
    except Exception as error:
        if not isinstance(known_error(error), UserError):
            error.add_note(f"the words: {words}")
            raise


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.filterwarnings("ignore")
def test_any_words_are_built_or_refused_in_short_lines(
    part: int,
    composed: Callable[..., DictConfig],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(PROJECT / "train.py")])
    full = request.config.getoption("--full")
    count = (MANY if full else FEW) // PARTS
    found = fuzz(part, count, tmp_path)
    assert found["faults"] == []
    assert found["imported"] == []
    assert count * 0.5 < found["refused"] < count * 0.98, "words that are mostly of one kind prove little"

    passed = [words for words in found["passed"] if words and not re.search(UNBUILT, " ".join(words))]
    for words in random.Random(part).sample(passed, (MORE_BUILT if full else BUILT) // PARTS):
        build_or_refuse(words, composed, tmp_path)
