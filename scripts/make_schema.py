#!/usr/bin/env python3
"""Write what editors know of conf/, a JSON schema a group: python scripts/make_schema.py.

They lie in .vscode/schema, and .vscode/settings.json says which files each is for. Run it after a
change of a YAML or of what a class takes.

exit codes: 0 written, or --check found them fresh; 1 --check found them stale; 2 wrong words, 6 this
machine lacks something.
"""

import json
import sys
from functools import partial
from pathlib import Path

import installed  # noqa: F401  # or it ends here, and says what to type
from yaml import YAMLError

from kindling.check.command import Parser, exit_code
from kindling.check.option import Conf
from kindling.check.schema import schemas
from kindling.error import ConfigError, one_line
from kindling.source.whole import written_whole

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(".vscode/schema")  # within the project


def texts(root: Path) -> dict[Path, str]:
    """Each file that belongs there, by its path within the project."""
    return {
        FOLDER / f"{name}.json": json.dumps(one, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        + "\n"
        for name, one in schemas(Conf(root / "conf")).items()
    }


def stale(root: Path) -> list[str]:
    """The files that aren't what would be written."""
    return [path.as_posix() for path, text in texts(root).items() if read(root / path) != text]


def read(path: Path) -> str:
    """What a file holds; nothing where it is missing."""
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def write(root: Path) -> None:
    """Write them all; a file of another name stays."""
    for path, text in texts(root).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with written_whole(root / path) as file:
            file.write(text.encode())


def run(words: list[str]) -> int:
    """Write the schemas, or only look whether they are fresh."""
    parser = Parser("scripts/make_schema.py", __doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 if they are stale")
    if not parser.parse_args(words).check:
        write(ROOT)
        return 0
    if old := stale(ROOT):
        print(f"{', '.join(old)}: stale; type: python scripts/make_schema.py", file=sys.stderr)
    return 1 if old else 0


def main(words: list[str]) -> int:
    """The same; a YAML that can't be read is the user's to mend."""
    try:
        return run(words)
    except YAMLError as error:
        raise ConfigError(one_line(error)) from None


if __name__ == "__main__":
    sys.exit(exit_code(partial(main, sys.argv[1:])))
