"""Loggers are closed however a training ends, with how it ended."""

import logging
from contextlib import nullcontext
from typing import Any

import pytest

from kindling.error import DataError, StoppedError
from kindling.logger.close import closing


class Closable:
    def __init__(self, error: Exception | None = None) -> None:
        self.codes: list[int] = []
        self.error = error

    def close(self, exit_code: int) -> None:
        self.codes.append(exit_code)
        if self.error:
            raise self.error


ENDINGS = {
    0: None,
    1: RuntimeError("a bug"),
    3: DataError("lost"),
    130: KeyboardInterrupt(),
    143: StoppedError(15, ""),
}


@pytest.mark.parametrize("code", ENDINGS)
def test_each_learns_how_it_ended(code: int) -> None:
    loggers: list[Any] = [Closable(), object(), Closable()]
    ending = ENDINGS[code]
    with pytest.raises(type(ending)) if ending else nullcontext(), closing(loggers):
        if ending:
            raise ending
    assert [logger.codes for logger in (loggers[0], loggers[2])] == [[code], [code]]


def test_one_that_fails_hides_nothing_and_keeps_no_other_open(caplog: pytest.LogCaptureFixture) -> None:
    loggers = [Closable(OSError("disk full")), Closable()]
    with caplog.at_level(logging.WARNING), pytest.raises(DataError, match="lost"), closing(loggers):
        raise DataError("lost")
    assert loggers[1].codes == [3]
    assert "Closable: could not be closed: disk full" in caplog.text
