"""Which options of conf/ leave with --bare and --keep, and which files with them."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from .command import ForkError
from .rename import OLD

GROUPS = (
    "model",
    "data",
    "augmentation",
    "optimizer",
    "scheduler",
    "regularizer",
    "callback",
    "logger",
    "experiment",
)
OWN = "???"  # a set that has the user's files has settings without a default
ALWAYS = {  # nothing at all; anybody's own table; and where nothing is the default, one that shows how
    ("augmentation", "none"),
    ("scheduler", "none"),
    ("data", "csv"),
    ("regularizer", "dropout"),
    ("experiment", "complete_model"),
}
Options = dict[str, dict[str, str]]  # text of each YAML, by group and name


class Leaving(NamedTuple):
    """Options as (group, name), and the paths of files."""

    options: set[tuple[str, str]]
    paths: set[str]


def options(root: Path) -> Options:
    """The options that can leave."""
    folders = {group: sorted((root / "conf" / group).glob("*.yaml")) for group in GROUPS}
    return {
        group: {path.stem: path.read_text(encoding="utf-8") for path in paths}
        for group, paths in folders.items()
    }


def defaults(root: Path) -> set[tuple[str, str]]:
    """The options that conf/config.yaml chooses, which stay."""
    lines = re.findall(
        r"^  - (\w+): (.*)", (root / "conf/config.yaml").read_text(encoding="utf-8"), re.MULTILINE
    )
    return {(group, name) for group, names in lines for name in re.findall(r"\w+", names.partition("#")[0])}


def asked(words: Iterable[str], known: Options) -> dict[str, set[str]]:
    """What --keep says, by group; raises ForkError."""
    found: dict[str, set[str]] = {}
    for word in words:
        group, sign, names = word.partition("=")
        group = group.strip()
        if not sign or group not in known:
            raise ForkError(f"--keep {word}: expected GROUP=OPTION,… with a group of {', '.join(known)}")
        names_of = {name.strip() for name in names.strip("[] ").split(",") if name.strip()}
        found[group] = found.get(group, set()) | names_of
        if unknown := sorted(names_of - {*known[group]}):
            raise ForkError(
                f"--keep {word}: no such option {unknown[0]}, expected of {', '.join(known[group])}"
            )
    return found


def leaving(root: Path, bare: bool, keep: Mapping[str, set[str]]) -> set[tuple[str, str]]:
    """The options that leave: those not wanted, and those that need one of them."""
    known, stay = options(root), defaults(root) | ALWAYS
    stay |= {need for group, name in stay for need in needs(known.get(group, {}).get(name, ""))}
    wanted = dict(keep)
    if bare:
        own = {name for name, text in known["data"].items() if OWN in text}
        wanted = {"data": own, "experiment": set(), **keep}
    gone = {(group, name) for group in wanted for name in {*known[group]} - wanted[group]} - stay
    while more := {
        (group, name)
        for group, texts in known.items()
        for name, text in texts.items()
        if (group, name) not in gone and needs(text) & gone
    }:
        if named := sorted((group, name) for group, name in more if name in keep.get(group, ())):
            group, name = named[0]
            lacks = " ".join("=".join(one) for one in sorted(needs(known[group][name]) & gone))
            raise ForkError(f"--keep {group}={name}: needs {lacks}; keep that too")
        gone |= more
    return gone


def needs(text: str) -> set[tuple[str, str]]:
    """The other options that a YAML chooses."""
    chosen = re.findall(r"override /(\w+)(?:@[\w.]+)?: (.*)", text)
    return {(group, name) for group, names in chosen for name in re.findall(r"\w+", names.partition("#")[0])}


def files(root: Path, paths: Iterable[str], gone: set[tuple[str, str]]) -> set[str]:
    """The files of the options that leave: YAML, data, and Python that no other file needs."""
    known = {path for path in paths if path.startswith(("conf/", f"src/{OLD}/"))}
    left = {path for path in known if is_of(path, gone)}
    asking = {path for path in paths if path.startswith("scripts/")} | known
    texts = {
        path: (root / path).read_text(encoding="utf-8") for path in asking if path.endswith((".py", ".yaml"))
    }
    stays = [path for path in texts if path not in left]
    modules = {target(texts[path]) for path in left if path.startswith("conf/")} - {""}
    left |= {path for path in known if dotted(path) in modules}
    left -= {
        path
        for path in left
        if path.endswith(".py") and needed(path, [texts[one] for one in stays if one not in left])
    }
    return left


def is_of(path: str, gone: set[tuple[str, str]]) -> bool:
    """Whether a file is one of such an option by its name."""
    *folders, name = path.split("/")
    return any(group in folders and name.partition(".")[0] == option for group, option in gone)


def target(yaml: str) -> str:
    """The module of the class that a YAML names."""
    found = re.search(rf"^_target_: ({OLD}\.[\w.]+)\.\w+", yaml, re.MULTILINE)
    return found[1] if found else ""


def dotted(path: str) -> str:
    """The name of a module by its path."""
    return path.removeprefix("src/").removesuffix(".py").replace("/", ".")


def needed(path: str, texts: Iterable[str]) -> bool:
    """Whether a text names a module, in either way to import it."""
    above, _, name = dotted(path).rpartition(".")
    pattern = re.compile(rf"\b{re.escape(above)}(?:\.| import (?:[\w ,(\n]*[ ,(\n])?){name}\b")
    return any(pattern.search(text) for text in texts)
