"""Plain lines without a terminal, a bar on one."""

import sys
from collections.abc import Callable
from typing import Any

import pytest

from kindling.callback import progress

Fitted = Callable[..., tuple[Any, Any, Any]]
WORDS = ["callback=[progress]", "debug=limit", "data=wine", "model=mlp", "trainer.max_epochs=4"]


def test_lines_come_at_most_once_a_second_but_for_the_first_and_last(
    fitted: Fitted, capsys: pytest.CaptureFixture[str]
) -> None:
    fitted(*WORDS)
    *lines, note = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == ["1/4", "4/4"]
    assert note == "one line a second; log.txt has every epoch"
    assert "val/accuracy" in lines[0]


def test_each_epoch_has_a_line_when_they_are_slow(
    fitted: Fitted, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "LINE_EVERY", 0.0)
    fitted(*WORDS)
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()] == ["1/4", "2/4", "3/4", "4/4"]


def test_the_bar_counts_every_step_and_goes_away(
    fitted: Fitted, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    moved: list[int] = []
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(progress.tqdm, "update", lambda bar, steps: moved.append(steps))
    *_, trainer = fitted(*WORDS)
    assert sum(moved) == trainer.global_step
    bar = next(callback for callback in trainer.callbacks if isinstance(callback, progress.Progress))
    assert bar.bar is None
    assert "4/4" in capsys.readouterr().out
