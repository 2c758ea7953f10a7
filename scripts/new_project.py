#!/usr/bin/env python3
"""Begin a project of your own: python scripts/new_project.py NAME FOLDER.

It copies what git knows of this one under another name, into a new folder with a git history of its
own, and writes into .template.json where it came from. Needs git and Python, no environment. Beside the
default of each group csv, dropout and complete_model stay, with which its examples are shown and tested.

exit codes: 0 done; 2 wrong words, a folder that is taken, changes that aren't committed; 6 this
machine lacks something.
"""

import argparse
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from forking.command import ForkError, Parser, call, commit, git, public, require_clean, scratch
from forking.make import Wish, make
from forking.rename import title
from forking.tool import tidy, tracked

ROOT = Path(__file__).resolve().parents[1]
ORIGIN = ".template.json"
DESCRIPTION = "Deep learning with PyTorch Lightning and Hydra: one word swaps any part."
LICENSES = (
    *("MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MPL-2.0", "Unlicense", "CC0-1.0"),
    *("GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later", "EUPL-1.2"),
    *("LGPL-3.0-only", "LGPL-3.0-or-later", "AGPL-3.0-only", "AGPL-3.0-or-later"),
)  # another one is a LicenseRef-…: pip refuses what SPDX doesn't know


def parser() -> Parser:
    """The words of the command."""
    words = Parser("scripts/new_project.py", __doc__)
    words.add_argument("name", metavar="NAME", help="as my-project; its package is my_project")
    words.add_argument("folder", metavar="FOLDER", type=Path, help="a new one, or an empty one")
    words.add_argument("--author", help="default: git's user.name")
    words.add_argument("--license", default="MIT", metavar="ID", help="as SPDX writes it; default MIT")
    words.add_argument("--description", default=DESCRIPTION, help="one line, for README and pyproject.toml")
    words.add_argument("--bare", action="store_true", help="without example data, experiments and notebooks")
    several: dict[str, Any] = {"nargs": "+", "action": "extend", "default": []}
    words.add_argument("--keep", **several, metavar="GROUP=OPTION,…", help="of a group these and the default")
    return words


def main(words: list[str]) -> int:
    """Make the project beside its place, and move it there when it is whole."""
    told = parser().parse_args(words)
    wish, folder = wished(told), require_free(told.folder)
    require_clean(ROOT)
    with scratch(f".{folder.name}-", folder if folder.exists() else folder.parent) as place:
        whole = place / "project"
        make(ROOT, wish, whole)
        tidy(whole, ROOT, place)
        line = json.dumps(origin(ROOT, wish), ensure_ascii=False)
        (whole / ORIGIN).write_text(f"{line}\n", encoding="utf-8")
        begin(whole, wish)
        settle(whole, folder)
    print(f"{folder}: begun; next: scripts/run python train.py in there")
    if wish.bare or wish.keep:
        print("then scripts/run python scripts/make_schema.py: tells VS Code which options there are")
    return 0


def settle(whole: Path, folder: Path) -> None:
    """Move it into its folder; one that is there already stays the same, as a shell may be in it."""
    if not folder.exists():
        whole.rename(folder)
        return
    names = [path.name for path in whole.iterdir()]
    try:
        for name in names:
            (whole / name).rename(folder / name)
    except BaseException:
        for name in names:
            if (folder / name).exists():
                (folder / name).rename(whole / name)
        raise


def wished(told: argparse.Namespace) -> Wish:
    """What was asked for; raises ForkError."""
    author = told.author or git(ROOT, "config", "user.name", check=False).strip()
    author = author or f"The {title(told.name)} authors"
    lines = {"--author": author, "--license": told.license, "--description": told.description}
    for option, text in lines.items():
        if not text.isprintable() or not text.strip():
            raise ForkError(f"{option}: expected one line, got {text!r}")
    terms = {one.lower(): one for one in LICENSES}.get(told.license.lower(), told.license)
    if terms not in LICENSES and not re.fullmatch(r"LicenseRef-[A-Za-z0-9.-]+", terms):
        some = f"{', '.join(LICENSES)} or LicenseRef-Yours"
        raise ForkError(f"--license: expected one of {some}, got {terms}")
    return Wish(told.name, author, terms, told.description, told.bare, told.keep)


def require_free(folder: Path) -> Path:
    """The absolute path of a folder that can be made; raises ForkError."""
    folder = folder.absolute()
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise ForkError(f"{folder}: expected a new or empty folder, got one that is taken; choose another")
    place = folder if folder.exists() else folder.parent
    if not place.is_dir() or not os.access(place, os.W_OK):
        raise ForkError(f"{place}: expected a folder that can be written to; make it first")
    if ROOT in folder.resolve().parents:
        raise ForkError(f"{folder}: lies in the template; choose a folder outside")
    return folder


def origin(root: Path, wish: Wish) -> dict[str, object]:
    """Where a project comes from, at which commit, and the words that make it again."""
    url = git(root, "config", "remote.origin.url", check=False).strip()
    if not url or not git(root, "branch", "--remotes", "--contains", "HEAD", check=False):
        url = root.as_posix()  # nobody else has this commit
    if (root / url).exists():
        url = (root / url).resolve().as_posix()
    words = [f"--author={wish.author}", f"--license={wish.license}", f"--description={wish.description}"]
    words += ["--bare"] * wish.bare + [f"--keep={word}" for word in wish.keep]
    head = git(root, "rev-parse", "HEAD").strip()
    return {"template": public(url), "commit": head, "name": wish.name, "words": words}


def begin(folder: Path, wish: Wish) -> None:
    """A git history with one commit."""
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all", "--force")  # what the user has git ignore everywhere is part of it too
    modes = [line.split(maxsplit=3) for line in git(ROOT, "ls-files", "-s").splitlines()]
    programs = {path for mode, _, _, path in modes if mode == "100755"} & {*tracked(folder)}
    git(folder, "update-index", "--chmod=+x", *sorted(programs))
    for path in programs:
        (folder / path).chmod(0o755)
    commit(folder, wish.author, "Begin from the template")


if __name__ == "__main__":
    sys.exit(call(main, sys.argv[1:]))
