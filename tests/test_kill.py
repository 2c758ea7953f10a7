"""A run that is killed at any moment, and started by the same command again, comes to the same bits."""

import sys
from pathlib import Path
from random import Random

import pytest

from scripts.benchmark.kill import (
    CONFIGURATIONS,
    Start,
    from_the_command_line,
    kill,
    prepare,
    with_imports_done,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows copies no process")
SHORT = [name for name in ("mid_epoch_validation", "early_stopping") if name in CONFIGURATIONS]


def killed(configuration: str, start: Start, kills: int, most: int, folder: Path) -> int:
    """Kill one run after the other, each as often at most; how many kills there were in all."""
    chance = Random(f"{configuration} {start.__name__} {most}")
    life = prepare(configuration, start, folder / "whole")
    left = kills
    while left > 0:
        run = folder / f"{left}"
        outcome = kill(configuration, start, run, folder / "whole", life, min(left, most), chance)
        assert not outcome.differs, f"{configuration}, killed after {outcome.kills} s: {outcome.differs[:5]}"
        left -= len(outcome.kills)
    return kills - left


@pytest.mark.parametrize("configuration", SHORT)
def test_one_kill_of_each_run(configuration: str, tmp_path: Path) -> None:
    assert killed(configuration, with_imports_done, 3, 1, tmp_path) == 3


@pytest.mark.full
@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_several_kills_of_a_run(configuration: str, tmp_path: Path) -> None:
    assert killed(configuration, with_imports_done, 5, 3, tmp_path) == 5


@pytest.mark.full
@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_kills_from_the_first_line_of_the_program_on(configuration: str, tmp_path: Path) -> None:
    assert killed(configuration, from_the_command_line, 2, 2, tmp_path) == 2
