"""The end of a run's loggers, so that the next job of a sweep begins records of its own."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from kindling.error import as_user_error, one_line

log = logging.getLogger(__name__)


@contextmanager
def closing(loggers: Sequence[Any]) -> Iterator[None]:
    """Close the loggers however what is done with them ends."""
    try:
        yield
    except BaseException as error:
        known = as_user_error(error)
        close(loggers, known.exit_code if known else 1)
        raise
    close(loggers, 0)


def close(loggers: Sequence[Any], exit_code: int) -> None:
    """Call `close(exit_code)` of each that has one; the others end with every stage.

    The run's own record is written by now: a logger that can't be closed is told, and stops nothing.
    """
    for logger in loggers:
        try:
            getattr(logger, "close", lambda _: None)(exit_code)
        except Exception as error:
            log.warning("%s: could not be closed: %s", type(logger).__name__, one_line(error))
