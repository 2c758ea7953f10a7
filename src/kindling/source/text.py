"""The text of a file or of standard input, compressed or not, and what is wrong where it is none."""

import csv
import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from kindling.error import DataError

STANDARD_INPUT = Path("standard input")  # what messages call it


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """The text of a CSV file; raises DataError over what isn't one, also while it is read."""
    try:
        with ExitStack() as stack:
            file: Any = binary(path, stack)
            if file.peek(2)[:2] == b"\x1f\x8b":
                file = stack.enter_context(gzip.open(file))
            if b"\0" in file.peek(8192)[:8192]:
                raise DataError(f"{path}: expected a CSV file, got a binary one; save it as CSV in UTF-8")
            text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
            stack.callback(text.detach)  # what it reads from is closed by whoever opened it
            yield text
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise DataError(f"{path}: expected UTF-8, got the byte 0x{byte:02x}; save it as UTF-8") from None
    except csv.Error as error:
        raise DataError(f"{path}: expected a CSV file ({error}); mend its quotes and line ends") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path}: damaged ({error}); restore it") from None


def binary(path: Path, stack: ExitStack) -> Any:
    """Bytes that can be looked at before they are read."""
    if path is not STANDARD_INPUT:
        return stack.enter_context(path.open("rb"))
    if sys.stdin is None:
        raise DataError(f"{path}: expected rows, but it is closed; name a file")
    return sys.stdin.buffer
