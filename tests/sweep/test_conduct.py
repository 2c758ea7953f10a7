"""A sweep from its words to its end, where what it is made of is interrupted."""

import signal
from pathlib import Path
from typing import Any

import pytest

from kindling.error import StoppedError
from kindling.sweep.conduct import conduct
from kindling.sweep.grid import Grid


class Composing:
    """A plan of which a signal interrupts the composing, in a library that makes another error of it."""

    kind, space, typed, folder, launcher = "grid", dict[str, Any](), list[str](), None, None
    search, whole = (
        Grid(),
        {"monitor": {"metric": "val/loss", "mode": "min"}, "seeds": 1, "cv": None, "seed": 0},
    )

    def __init__(self, parent: Path) -> None:
        self.parent, self.composed = parent, 0

    def words(self, *_: Any) -> list[str]:
        return []

    def settings(self, _: Any) -> dict[str, Any]:
        self.composed += 1
        if self.composed > 1:
            try:
                signal.raise_signal(signal.SIGTERM)
            except StoppedError as error:
                raise TypeError("made of it") from error
        return {}


def test_a_stop_is_one_whatever_it_comes_out_as(tmp_path: Path) -> None:
    plan: Any = Composing(tmp_path)
    with pytest.raises(StoppedError, match="stopped by SIGTERM; go on: ") as told:
        conduct(plan)
    assert told.value.exit_code == 143
