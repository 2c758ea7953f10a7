#!/usr/bin/env python3
"""Take what the template has changed since: python scripts/update_from_template.py.

On a branch of its own it merges, three-way: what the template's script made of this project's commit of
it, what the same words make of the newest one, and what has been done here. Conflicts are left as git
leaves them. .template.json says where the template is, and which of its commits is in. What was left out
with --bare or --keep can be had later: --keep GROUP=OPTION,… as well.

exit codes: 0 merged, or nothing new; 1 merged with conflicts; 2 wrong words, changes that aren't
committed; 6 this machine lacks something.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from forking.command import ForkError, Parser, call, git, public, require_clean, scratch
from forking.merge import added, merge, require_room

ROOT = Path(__file__).resolve().parents[1]
ORIGIN = ".template.json"


def parser() -> Parser:
    """The words of the command."""
    words = Parser("scripts/update_from_template.py", __doc__)
    words.add_argument("--template", metavar="PLACE", help="another folder or address to get it from")
    words.add_argument("--to", metavar="REVISION", default="HEAD", help="a commit, tag or branch of it")
    several: dict[str, Any] = {"nargs": "+", "action": "extend", "default": []}
    words.add_argument("--keep", **several, metavar="GROUP=OPTION,…", help="of a group these as well")
    return words


def main(words: list[str]) -> int:
    """Make both forms of the template anew, and merge their difference."""
    told = parser().parse_args(words)
    known = read_origin(ROOT)
    require_clean(ROOT)
    with scratch("template-") as place:
        template = place / "template"
        source = fetch(told.template or known["template"], template)
        if not (new := find(template, told.to) or find(template, f"origin/{told.to}")):
            raise ForkError(f"{told.to}: no such commit, tag or branch of {source}; choose another")
        if is_in(template, new, known["commit"]) and not (told.keep and new == known["commit"]):
            print(f"{new[:9]}: is in already; nothing new")
            return 0
        branch = "+".join([f"template-{new[:9]}", *(re.sub(r"\W+", "-", word) for word in told.keep)])
        if git(ROOT, "branch", "--list", branch):
            raise ForkError(f"{branch}: is a branch already; git switch there, or delete it")
        base = form(template, known["commit"], known, place / "base")
        words = [*still(template, new, known["words"]), *more(told.keep, known["words"], base)]
        from_now = known | {"template": public(source), "words": words}
        theirs = form(template, new, from_now, place / "theirs")
        require_room(ROOT, added(ROOT, base, theirs))
        return merge(ROOT, base, theirs, branch, place / "merged")


def fetch(source: str, folder: Path) -> str:
    """Clone the template from an address or a folder, which is told with its whole path."""
    source = str(Path(source).absolute()) if Path(source).exists() else source
    try:
        git(folder.parent, "clone", "--quiet", source, str(folder))
    except ForkError as refused:
        raise ForkError(f"{refused}; if it lies elsewhere now, add --template PLACE", refused.code) from None
    return source


def is_in(folder: Path, revision: str, known: str) -> bool:
    """Whether a project of a known commit has what a revision brings."""
    return git(folder, "merge-base", known, revision, check=False).strip() == revision


def still(template: Path, at: str, words: list[str]) -> list[str]:
    """The words that made this project, without options that the template has given up since."""
    paths = git(template, "ls-tree", "-r", "--name-only", at, "--", "conf/").splitlines()
    kept = []
    for word in words:
        if keep := re.fullmatch(r"--keep=\s*(\w+)\s*=(.*)", word):
            group, names = keep.groups()
            there = [name for name in re.findall(r"\w+", names) if f"conf/{group}/{name}.yaml" in paths]
            word = f"--keep={group}={','.join(there)}"
        kept.append(word)
    return kept


def find(folder: Path, revision: str) -> str:
    """The commit that is called so; nothing where there is none."""
    return git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", check=False).strip()


def more(keep: list[str], words: list[str], base: str) -> list[str]:
    """What is to come back, as words beside those that made this project; raises ForkError."""
    found = []
    for word in keep:
        group, _, names = word.partition("=")
        paths = git(ROOT, "ls-tree", "--name-only", base, "--", f"conf/{group}/").split()
        there = [Path(path).stem for path in paths]
        if there and {*re.findall(r"\w+", names)} <= {*there}:
            raise ForkError(f"--keep {word}: is here already; leave that word out")
        if not any(re.match(rf"--keep=\s*{group}\s*=", one) for one in words):
            names = ",".join([*there, names])  # of others of the group --bare or nothing said so
        found.append(f"--keep={group}={names}")
    return found


def read_origin(root: Path) -> dict[str, Any]:
    """Where this project came from, and the words that made it; raises ForkError."""
    try:
        found: dict[str, Any] = json.loads((root / ORIGIN).read_text(encoding="utf-8"))
        kinds = {"template": str, "commit": str, "name": str, "words": list}
        if wrong := [key for key, kind in kinds.items() if not isinstance(found[key], kind)]:
            raise TypeError(f"{wrong[0]} is no {kinds[wrong[0]].__name__}")
        return {key: found[key] for key in kinds}
    except FileNotFoundError:
        raise ForkError(f"{ORIGIN}: no such file; a project that new_project.py began has one") from None
    except (ValueError, KeyError, TypeError) as error:
        raise ForkError(f"{ORIGIN}: can't be read ({error}); git log {ORIGIN} shows what it was") from None


def form(template: Path, at: str, known: dict[str, Any], folder: Path) -> str:
    """The commit, brought here, of what a commit of the template makes of this project."""
    git(template, "checkout", "--quiet", "--detach", at)
    script = template / "scripts" / "new_project.py"
    command = [sys.executable, str(script), known["name"], str(folder), *known["words"]]
    made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode:
        raise ForkError(f"the template at {at[:9]}: {made.stderr.strip()}", made.returncode)
    mine = (ROOT / ORIGIN).read_text(encoding="utf-8")
    was = json.loads(mine)
    said = was | {**known, "commit": at}
    (folder / ORIGIN).write_text(mine if said == was else line(said), encoding="utf-8")
    who = ("-c", "user.name=template", "-c", "user.email=")
    git(folder, *who, "commit", "--quiet", "--amend", "--no-edit", "--allow-empty", "--no-verify", "--all")
    git(ROOT, "fetch", "--quiet", str(folder), "HEAD")
    return git(ROOT, "rev-parse", "FETCH_HEAD").strip()


def line(said: dict[str, Any]) -> str:
    """The one line of the file of the origin."""
    return json.dumps(said, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(call(main, sys.argv[1:]))
