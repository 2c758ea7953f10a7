"""What a class or function takes, read from its source: nothing is imported for it."""

import ast
from dataclasses import dataclass, field, replace
from functools import cache

from kindling.check.source import Definition, find, resolve


@dataclass(frozen=True)
class Parameter:
    """An argument: its annotation, to be read in its module, and whether it has a default."""

    annotation: ast.expr | None
    module: str
    required: bool


@dataclass
class Parameters:
    """The arguments by name; `open_ended` where it takes others too."""

    named: dict[str, Parameter] = field(default_factory=dict)
    open_ended: bool = False


@cache
def parameters(target: str) -> Parameters | None:
    """The arguments of a class or function; None where its source can't tell."""
    found = find(target)
    return taken_by(found) if found else None


def taken_by(found: Definition) -> Parameters | None:
    """The arguments of what was found; a class passes on what it doesn't name to the class below."""
    node = found.node
    if isinstance(node, ast.FunctionDef):  # what decorates it may take others
        return None if node.decorator_list else arguments(node, found.module)
    if not isinstance(node, ast.ClassDef):
        other = (
            resolve(found.module, node.value) if isinstance(node.value, ast.Name | ast.Attribute) else None
        )
        return taken_by(other) if other else None
    below = (taken_by(base) for one in node.bases if (base := resolve(found.module, one)))
    methods = [part for part in node.body if isinstance(part, ast.FunctionDef)]
    if any(one.name == "__new__" for one in methods) or any(one.arg == "metaclass" for one in node.keywords):
        return None
    for part in methods:
        if part.name == "__init__" and "overload" not in map(ast.unparse, part.decorator_list):
            own = arguments(part, found.module, method=True)
            inner = next(filter(None, below), None) if own.open_ended and hands_on(part) else None
            return Parameters(optional(inner.named) | own.named, inner.open_ended) if inner else own
    if any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list):
        first = next(filter(None, below), Parameters())
        return Parameters(first.named | fields(node, found.module).named)
    return next(filter(None, below), None) if node.bases else Parameters()


def hands_on(node: ast.FunctionDef) -> bool:
    """Whether all that a constructor does with its further arguments is to hand them to the class below."""
    rest = node.args.kwarg.arg if node.args.kwarg else ""
    uses = sum(isinstance(one, ast.Name) and one.id == rest for one in ast.walk(node))
    calls = [
        one for one in ast.walk(node) if isinstance(one, ast.Call) and "__init__" in ast.unparse(one.func)
    ]
    handed = [word for call in calls for word in call.keywords if word.arg is None]
    return uses == len(handed) == 1 and ast.unparse(handed[0].value) == rest


def optional(named: dict[str, Parameter]) -> dict[str, Parameter]:
    """Arguments of a class below, which the one above may fill in."""
    return {name: replace(one, required=False) for name, one in named.items()}


def arguments(node: ast.FunctionDef, module: str, method: bool = False) -> Parameters:
    """The arguments in a function's header."""
    told = node.args
    positional = [*told.posonlyargs, *told.args]
    without: list[ast.expr | None] = [None] * (len(positional) - len(told.defaults))
    pairs = list(zip(positional, [*without, *told.defaults], strict=True))[1 if method else 0 :]
    pairs += zip(told.kwonlyargs, told.kw_defaults, strict=True)
    named: dict[str, Parameter] = {}
    for one, default in pairs:
        annotation = one.annotation
        if annotation and isinstance(default, ast.Constant) and default.value is None:  # may be left at that
            annotation = ast.BinOp(annotation, ast.BitOr(), ast.Constant(None))
        named[one.arg] = Parameter(annotation, module, default is None)
    return Parameters(named, told.kwarg is not None)


def fields(node: ast.ClassDef, module: str) -> Parameters:
    """The fields of a dataclass."""
    told = {ast.unparse(part.target): part for part in node.body if isinstance(part, ast.AnnAssign)}
    return Parameters({name: Parameter(one.annotation, module, not one.value) for name, one in told.items()})


def constant(target: str, name: str) -> ast.expr | None:
    """What a class sets in its body, or a class below it does, such as `kind = "class"`."""
    found = held(find(target), name)
    return found[1] if found else None


def held(found: Definition | None, name: str) -> tuple[str, ast.expr] | None:
    """The same of a class that was found, with the module in which its names have their meaning."""
    while found and isinstance(found.node, ast.ClassDef):
        for part in found.node.body:
            if isinstance(part, ast.Assign | ast.AnnAssign) and part.value:
                targets = part.targets if isinstance(part, ast.Assign) else [part.target]
                if name in map(ast.unparse, targets):
                    return found.module, part.value
        bases = (resolve(found.module, base) for base in found.node.bases)
        found = next(filter(None, bases), None)
    return None
