#!/usr/bin/env python3
"""Print what CHANGELOG.md says of a version, if a tag may name it: scripts/release_notes.py v0.1.0.

Refuses a tag that is not the version of pyproject.toml, or of which the changelog says nothing.
Standard library only.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main(words: list[str]) -> int:
    """Print the section, or say in one line why there is none."""
    if len(words) != 1 or words[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if words in (["-h"], ["--help"]) else 2
    try:
        print(notes(words[0], ROOT))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def notes(tag: str, root: Path) -> str:
    """The lines below the heading of that version; raises ValueError."""
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    if tag != f"v{version}":
        raise ValueError(f"tag: expected v{version}, as in pyproject.toml, got {tag}; change one of them")
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = re.split(r"^## (.+)\n", changelog, flags=re.MULTILINE)
    found = dict(zip(sections[1::2], sections[2::2], strict=True))
    titles = [title for title in found if title.split()[0] == version]
    if not titles or not found[titles[0]].strip():
        raise ValueError(f"CHANGELOG.md: expected a section ## {version}, got {', '.join(found)}; write it")
    return found[titles[0]].strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
