"""The new name: which ones are refused, and how it takes the place of the old one."""

import ast
import builtins
import keyword
import re
import sys
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from .command import ForkError

OLD = "kindling"
TAKEN = {  # by YAML, by tools, by packages that are called otherwise on PyPI, and by what a run writes
    *("true", "false", "yes", "no", "on", "off", "null", "none", "nan", "inf", "src", "test", "outputs"),
    *("pip", "setuptools", "wheel", "absl", "antlr4", "attr", "dateutil", "google", "torchvision", "triton"),
}


def package(name: str, root: Path, paths: Iterable[str]) -> str:
    """The name of the package for a name of a project; raises ForkError."""
    found = name.lower().replace("-", "_")
    if not re.fullmatch(r"[a-z]([a-z0-9_]*[a-z0-9])?", found):
        raise ForkError(
            f"{name}: expected letters, digits, - and _, first a letter, as my_project; choose another"
        )
    if keyword.iskeyword(found) or found in {*sys.stdlib_module_names, *dir(builtins)}:
        raise ForkError(f"{name}: is a word of Python's; choose another, as my_{found}")
    if found in TAKEN:
        raise ForkError(f"{name}: means something else already; choose another, as my_{found}")
    if OLD in found:
        raise ForkError(f"{name}: holds the template's own name; choose another")
    if found in parts(paths) or found in {name.lower() for name in imported(root, paths)}:
        raise ForkError(
            f"{name}: is the name of a part of the project or of a package; choose another, as my_{found}"
        )
    return found


def parts(paths: Iterable[str]) -> set[str]:
    """The names of all folders and files, which would be hidden or be confused with it."""
    return {part.partition(".")[0] for path in paths for part in PurePosixPath(path).parts}


def imported(root: Path, paths: Iterable[str]) -> set[str]:
    """What the program imports, or calls what it imports, or is locked to, by the first part of its name."""
    found = set()
    for path in paths:
        for node in ast.walk(ast.parse((root / path).read_bytes())) if path.endswith(".py") else ():
            if isinstance(node, ast.Import | ast.ImportFrom):
                module = getattr(node, "module", None) if not getattr(node, "level", 0) else None
                names = [module or "", *(alias.asname or alias.name for alias in node.names)]
                found |= {name.partition(".")[0] for name in [*names, *(alias.name for alias in node.names)]}
    lock = (root / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return found | {line.partition("==")[0].replace("-", "_") for line in lock}


def renamed(text: str, new: str) -> str:
    """A text with the new name for the old one, in each of its spellings."""
    camel = "".join(part.capitalize() for part in new.split("_"))
    spelled = {OLD: new, OLD.upper(): new.upper(), OLD.capitalize(): camel}
    return re.sub(OLD, lambda found: spelled.get(found[0], new), text, flags=re.IGNORECASE)


def title(name: str) -> str:
    """A name as a heading has it."""
    return " ".join(part.capitalize() for part in re.split(r"[-_]", name))
