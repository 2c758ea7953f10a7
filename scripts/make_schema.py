#!/usr/bin/env python3
"""Write what editors know of conf/, a JSON schema a group: python scripts/make_schema.py.

They lie in .vscode/schema, and .vscode/settings.json says which files each is for. Run it after a
change of a YAML or of what a class takes.

exit codes: 0 written, or --check found them fresh; 1 --check found them stale; 2 wrong words, 6 this
machine lacks something.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import NoReturn

from yaml import YAMLError

from kindling.check.option import Conf
from kindling.check.schema import schemas
from kindling.error import ConfigError, UserError, as_user_error, one_line

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(".vscode/schema")  # within the project


class Parser(argparse.ArgumentParser):
    """Tells a mistake as the rest of the program does."""

    def error(self, message: str) -> NoReturn:
        """Called by argparse."""
        raise ConfigError(f"{self.prog}: {message}; see scripts/{self.prog} -h")


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
        (root / path).write_text(text, encoding="utf-8", newline="\n")


def main(words: list[str]) -> int:
    """Write the schemas, or only look whether they are fresh."""
    parser = Parser("make_schema.py", description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 if they are stale")
    if not parser.parse_args(words).check:
        write(ROOT)
        return 0
    if old := stale(ROOT):
        print(f"{', '.join(old)}: stale; type: python scripts/make_schema.py", file=sys.stderr)
    return 1 if old else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (UserError, OSError, YAMLError) as error:
        known = ConfigError(one_line(error)) if isinstance(error, YAMLError) else as_user_error(error)
        if known is None:
            raise
        print(known, file=sys.stderr)
        sys.exit(known.exit_code)
