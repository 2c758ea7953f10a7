"""Where a dotted name is defined, read from the sources: nothing is imported for it."""

import ast
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

IMPORT = re.compile(r"^\s*from\s+([\w.]+)\s+import\s+(\([^)]*\)|[^\n#]*)", re.MULTILINE)
METHOD = re.compile(
    r"^(?:    @[^\n]*\n)*    (?:async )?def (?!__(?:init|new)__\b)\w+[\s\S]*?(?=^    [^\s)\]}#]|\Z)",
    re.MULTILINE,
)
MADE = re.compile(
    r"__getattr__|__path__|sys\.modules|\bglobals\(|\b(?:locals|vars)\(\)[.[]|\b(?:setattr|exec)\("
)
TOP = re.compile(r"^(?:class|(?:async )?def)\s+(\w+)|^(\w+)\s*(?::[^=\n]+)?=(?!=)", re.MULTILINE)
Defined = ast.ClassDef | ast.FunctionDef | ast.Assign | ast.AnnAssign


@dataclass(frozen=True)
class Definition:
    """A statement and the module in which its names have their meaning."""

    module: str
    node: Defined


def installed(package: str) -> bool:
    """Whether there is a top-level package of that name; it isn't imported."""
    try:
        return find_spec(package.partition(".")[0]) is not None
    except (ImportError, ValueError):
        return False


@cache
def file_of(module: str) -> Path | None:
    """The source of a module or package, found by its name alone."""
    top, *parts = module.split(".")
    spec = find_spec(top) if installed(top) else None  # of a name without dots: imports nothing
    places = spec.submodule_search_locations if spec else None
    if not places:  # one file, and maybe a compiled one; Python's own tell less than their names do
        single = Path(spec.origin or "") if spec and top not in sys.stdlib_module_names else Path()
        return single if single.suffix == ".py" and not parts else None
    folder = Path(places[0], *parts)
    found = (folder / "__init__.py", folder.with_suffix(".py"))
    return next((path for path in found if path.is_file()), folder if folder.is_dir() else None)


@cache
def text_of(module: str) -> str:
    """The source of a module; nothing where it has none."""
    path = file_of(module)
    try:
        return path.read_text(encoding="utf-8") if path and path.is_file() else ""
    except (OSError, UnicodeDecodeError):
        return ""


def find(target: str) -> Definition | None:
    """Where a dotted name such as `torch.optim.Adam` is defined."""
    module, name = target.rpartition(".")[::2]
    return define(module, name) if module and file_of(module) else None


@cache
def define(module: str, name: str) -> Definition | None:
    """What a name means in a module, through any number of imports."""
    text = text_of(module)
    start = re.search(rf"^(?:class|def)\s+{name}\b|^{name}\s*(?::[^=\n]+)?=(?!=)", text, re.MULTILINE)
    if start:
        node = statement(text, start.start())
        return Definition(module, node) if node else None
    for source, original in imported(module, name):
        if found := define(source, original) if source != module else None:
            return found
    return None


def statement(text: str, start: int) -> Defined | None:
    """The top-level statement that begins there, with its decorators; None where it is broken."""
    end = re.compile(r"^[^\s#)\]}]", re.MULTILINE).search(text, text.find("\n", start) + 1)
    lines = text[:start].splitlines()
    decorators: list[str] = []
    while lines and lines[-1].startswith("@"):
        decorators.insert(0, lines.pop())
    block = "\n".join([*decorators, text[start : end.start() if end else None]])
    for one in (METHOD.sub("", block), block):  # parsing all methods would take as long as all the rest
        with suppress(SyntaxError):  # a bug in somebody's file, which its import tells in full
            node = ast.parse(one).body[0]
            return node if isinstance(node, Defined) else None
    return None


def imported(module: str, name: str) -> Iterator[tuple[str, str]]:
    """The modules that a name may be imported from, with its name there."""
    for source, original, alias in imports(module):
        if name == alias or original == "*":
            yield source, name if original == "*" else original


def imports(module: str) -> Iterator[tuple[str, str, str]]:
    """Each import from a module, with the name there and here; * is all names."""
    is_package = (file_of(module) or Path()).stem == "__init__"
    for found in IMPORT.finditer(text_of(module)):
        source = absolute(found[1], module, is_package)
        names = re.sub(r"#[^\n]*", "", found[2]).strip("()\n ")
        for one in names.split(","):
            original, _, alias = (part.strip() for part in one.partition(" as "))
            yield source, original, alias or original


@cache
def scope(module: str) -> tuple[str, ...] | None:
    """The module, and those that it takes everything from; None where its names may be made elsewhere."""
    found: list[str] = []
    waiting = [module]
    while waiting:
        found.append(one := waiting.pop())
        path, text = file_of(one), text_of(one)
        is_read = path is not None and path.is_file() and (text != "" or path.stat().st_size == 0)
        if not is_read or MADE.search(text):
            return None
        waiting += {source for source, original, _ in imports(one) if original == "*"} - {*found}
    return tuple(found)


def absent(target: str) -> tuple[str, str] | None:
    """The module and the name, where the sources show that it can't be there: they never mention it."""
    parts = target.split(".")
    for depth, name in enumerate(parts[1:], 1):
        module = ".".join(parts[:depth])
        if name in beside(module):
            continue
        modules = scope(module)
        if modules is None or any(re.search(rf"\b{name}\b", text_of(one)) for one in modules):
            return None
        return module, name
    return None


def names(module: str) -> list[str]:
    """All that a module and those it takes everything from define or import."""
    texts = {one: text_of(one) for one in scope(module) or ()}
    defined = [found[1] or found[2] for text in texts.values() for found in TOP.finditer(text)]
    return [*defined, *(alias for one in texts for _, _, alias in imports(one))]


def beside(module: str) -> set[str]:
    """The modules of a package, compiled ones too."""
    path = file_of(module)
    is_package = path is not None and path.stem == "__init__"
    return {one.name.partition(".")[0] for one in path.parent.iterdir()} if path and is_package else set()


def absolute(name: str, module: str, is_package: bool) -> str:
    """A module as it is imported, without leading dots."""
    dots = len(name) - len(name.lstrip("."))
    if not dots:
        return name
    above = module.split(".")[: None if is_package and dots == 1 else is_package - dots]
    return ".".join([*above, name[dots:]]).strip(".")


def resolve(module: str, expression: ast.expr) -> Definition | None:
    """What an expression such as `nn.Module` names in a module."""
    if isinstance(expression, ast.Subscript):
        return resolve(module, expression.value)
    parts = ast.unparse(expression).split(".")
    if len(parts) == 1:
        return define(module, parts[0])
    sources = (".".join([source, original]) for source, original in imported(module, parts[0]))
    alias = re.search(rf"^import\s+([\w.]+)\s+as\s+{parts[0]}\b", text_of(module), re.MULTILINE)
    return find(".".join([alias[1] if alias else next(sources, parts[0]), *parts[1:]]))
