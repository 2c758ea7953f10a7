"""What several of these tests start from."""

import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from omegaconf import DictConfig

from kindling.check.words import own, plain
from tests.copied import run_copy, signals
from tests.run.resumed import STEP, WORDS, Copy, run


@pytest.fixture(scope="session")
def good(composed: Callable[..., DictConfig]) -> dict[str, Any]:
    return plain(own(composed("regularizer=[l2,mixup]", "scheduler=step")))


@pytest.fixture(scope="session")
def left(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders with a run of three epochs, one of six, and one of six that was stopped in the second."""
    folders = {name: tmp_path_factory.mktemp(name) for name in ("three", "six", "stopped")}
    assert run(folders["three"], "trainer.max_epochs=3").returncode == 0
    assert run(folders["six"], "trainer.max_epochs=6").returncode == 0
    stop = signals(STEP, 6, signal.SIGTERM)
    words = [*WORDS, "trainer.max_epochs=6", f"hydra.run.dir={folders['stopped'] / 'run'}"]
    assert run_copy(folders["stopped"], *words, before=stop).returncode == 143
    return folders


@pytest.fixture
def copy(left: dict[str, Path], tmp_path: Path) -> Copy:
    """A copy of one of them, to do something with."""

    def copied(name: str) -> Path:
        shutil.copytree(left[name] / "run", tmp_path / "run")
        return tmp_path / "run"

    return copied
