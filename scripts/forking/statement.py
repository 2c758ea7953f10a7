"""What a statement of Python consists of, defines and asks for."""

import ast
from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef
Row = ast.List | ast.Tuple | ast.Set | ast.Dict


def elements(node: ast.AST) -> list[tuple[ast.AST, ast.AST]]:
    """The parts of a list, a dict or an import, each from its first node to its last."""
    if isinstance(node, ast.Dict):
        return [(key or value, value) for key, value in zip(node.keys, node.values, strict=True)]
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [(one, one) for one in node.elts]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(one, one) for one in node.names]
    return []


def names(statement: ast.AST) -> set[str]:
    """What a statement defines."""
    if isinstance(statement, Function | ast.ClassDef):
        return {statement.name}
    targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
    found = (one for target in targets if target is not None for one in ast.walk(target))
    return {one.id for one in found if isinstance(one, ast.Name)}


def rows(statement: ast.stmt) -> Iterator[Row]:
    """The lists whose elements are cases: of an assignment, or of a test's parameters."""
    value = getattr(statement, "value", None)
    if isinstance(value, Row) and not is_command(value):
        yield value
    for decorator in getattr(statement, "decorator_list", []):
        if isinstance(decorator, ast.Call) and len(decorator.args) > 1 and isinstance(decorator.args[1], Row):
            named = any(isinstance(word.value, Row) for word in decorator.keywords)  # each by its place
            if not named:
                yield decorator.args[1]


def table_of(value: ast.expr) -> ast.Constant | None:
    """A text of cases: one that is split into lines, or has blocks that begin with `$ `."""
    texts = [one for one in ast.walk(value) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    table = next((one for one in texts if "\n" in str(one.value)), None)
    split = isinstance(value, ast.Call) and ast.unparse(value.func).endswith(".splitlines")
    return table if table and (split or "\n$ " in str(table.value)) else None


def is_command(row: ast.AST) -> bool:
    """Whether a list holds the words of one command."""
    words = [one.value for one in getattr(row, "elts", []) if isinstance(one, ast.Constant)]
    texts = [word for word in words if isinstance(word, str) and " " not in word]
    return bool(words) and texts == words and any("=" in word for word in words)


def fixture_name(statement: Function) -> str:
    """The name that tests ask for a fixture by; nothing for another function."""
    for decorator in statement.decorator_list:
        if "fixture" in ast.unparse(decorator):
            told = [word.value for word in getattr(decorator, "keywords", []) if word.arg == "name"]
            return str(told[0].value) if told and isinstance(told[0], ast.Constant) else statement.name
    return ""


def absolute(module: str, statement: ast.Import | ast.ImportFrom) -> str:
    """The module that names are imported from; nothing for `import x`."""
    if isinstance(statement, ast.Import):
        return ""
    above = module.split(".")[: -statement.level] if statement.level else []
    return ".".join([*above, *filter(None, [statement.module])])
