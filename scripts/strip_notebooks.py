#!/usr/bin/env python3
"""Take from notebooks what running them left there: python scripts/strip_notebooks.py.

Outputs, counts and what editors note go, so that a change shows what somebody changed. Without a FILE
it takes all of notebooks/.

exit codes: 0 stripped, or --check found nothing to strip; 1 --check found something; 2 wrong words or a
file that is no notebook; 6 this machine lacks something.
"""

import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import installed  # noqa: F401  # or it ends here, and says what to type

from kindling.check.command import Parser, exit_code
from kindling.error import ConfigError
from kindling.source.path import user_path
from kindling.source.whole import written_whole

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
METADATA = {"kernelspec": KERNEL, "language_info": {"name": "python"}}


def stripped(text: str) -> str:
    """A notebook as it is stored; raises ValueError where it is none."""
    book: dict[str, Any] = json.loads(text)
    if not isinstance(book, dict) or book.get("nbformat") != 4 or not isinstance(book.get("cells"), list):
        raise ValueError("expected a notebook of format 4")
    for place, cell in enumerate(book["cells"], 1):
        cell["metadata"] = {}
        cell.setdefault("id", f"cell-{place:02}")
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    book.update(metadata=METADATA, nbformat_minor=5)
    return f"{json.dumps(book, indent=1, sort_keys=True, ensure_ascii=False)}\n"


def strip(path: Path, check: bool) -> bool:
    """Store a notebook so; returns whether it was not. Raises ConfigError."""
    try:
        text = path.read_text(encoding="utf-8")
        clean = stripped(text)
    except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path}: expected a notebook ({error}); name another") from None
    if clean != text and not check:
        with written_whole(path) as file:
            file.write(clean.encode())
    return clean != text


def main(words: Sequence[str]) -> int:
    """Do what the words say."""
    parser = Parser("scripts/strip_notebooks.py", __doc__)
    parser.add_argument("file", metavar="FILE", nargs="*", help="in place of all in notebooks/")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 for one to strip")
    told = parser.parse_args(words)
    paths = [user_path(name) for name in told.file] or sorted(FOLDER.glob("*.ipynb"))
    found = [path for path in paths if strip(path, told.check)]
    for path in found:
        print(f"{path}: {'to strip; type: python scripts/strip_notebooks.py' if told.check else 'stripped'}")
    return 1 if found and told.check else 0


if __name__ == "__main__":
    sys.exit(exit_code(partial(main, sys.argv[1:])))
