"""One Python file that is pruned: which of its statements and elements leave, and what is then left of it."""

import ast
from collections.abc import Iterator
from itertools import accumulate
from pathlib import PurePosixPath
from typing import Any

from .statement import Function, elements, names

Telling = ast.Constant | ast.Name | ast.Attribute | ast.arg | ast.alias | ast.Import | ast.ImportFrom


class Module:
    """Statements at the top of a file; `cut` holds the nodes that leave."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        self.is_test = PurePosixPath(path).name.startswith("test_")
        self.statements = ast.parse(text).body
        self.cut: set[ast.AST] = set()
        self.shortened: dict[ast.Constant, str] = {}
        self.removed: set[str] = set()
        self.known: dict[ast.AST, tuple[int, list[ast.AST]]] = {}  # what told() found, at so many cuts
        self.whole = text.encode()
        self.lines = self.whole.splitlines(keepends=True)
        self.starts = [0, *accumulate(map(len, self.lines))]

    @property
    def dotted(self) -> str:
        """Its name when it is imported from the project's folder."""
        return self.path.removesuffix(".py").replace("/", ".")

    @property
    def docstring(self) -> ast.stmt | None:
        """What says what the file is for: it stays as long as that does."""
        first = self.statements[0] if self.statements else None
        return first if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) else None

    @property
    def left(self) -> list[ast.stmt]:
        """The statements that stay."""
        return [one for one in self.statements if one not in self.cut]

    @property
    def empty(self) -> bool:
        """Whether nothing is left that is worth a file."""
        if self.is_test:
            return not any(isinstance(one, Function) and one.name.startswith("test") for one in self.left)
        return all(isinstance(one, ast.Import | ast.ImportFrom | ast.Expr) for one in self.left)

    def told(self, node: ast.AST) -> list[ast.AST]:
        """The nodes below one that name something."""
        cuts, found = self.known.get(node, (-1, []))
        if cuts != len(self.cut):
            found = [one for one in self.walk(node) if isinstance(one, Telling)]
            self.known[node] = len(self.cut), found
        return found

    def walk(self, node: ast.AST) -> Iterator[ast.AST]:
        """A node and all below it that stay; not what only describes."""
        if node in self.cut:
            return
        yield node
        body = getattr(node, "body", None)
        text = body[0] if isinstance(body, list) and body and isinstance(body[0], ast.Expr) else None
        for child in ast.iter_child_nodes(node):
            if child is not text or not isinstance(text.value, ast.Constant):
                yield from self.walk(child)

    def used(self, node: ast.AST) -> Iterator[str]:
        """The names that a node refers to."""
        for one in self.told(node):
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load):
                yield one.id
            elif isinstance(one, ast.Attribute):
                yield one.attr
            elif isinstance(one, ast.arg):
                yield one.arg
            elif isinstance(one, ast.alias):
                yield one.name
            elif isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value.isidentifier():
                yield one.value

    def drop(self, statement: ast.stmt) -> None:
        """A statement leaves, and what it names."""
        self.cut.add(statement)
        self.removed |= names(statement)

    def drop_all(self) -> None:
        """The file leaves."""
        for statement in self.left:
            self.drop(statement)

    def result(self) -> str:
        """The text without what leaves; raises SyntaxError where that can't be read."""
        spans = [(*self.span(one), b"") for one in self.statements if one in self.cut]
        for statement in self.left:
            for node in ast.walk(statement):
                spans += [(*one, b"") for one in self.gaps(node)]
        spans += [(*self.place(one), text.encode()) for one, text in self.shortened.items()]
        whole, end = self.whole, len(self.whole)
        for start, stop, instead in sorted(spans, reverse=True):
            whole = whole[:start] + instead + whole[max(start, min(stop, end)) :]
            end = start
        ast.parse(whole)
        return whole.decode()

    def place(self, node: Any) -> tuple[int, int]:
        """Where a node begins and ends, in bytes."""
        begin = self.starts[node.lineno - 1] + node.col_offset
        return begin, self.starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)

    def span(self, statement: ast.stmt) -> tuple[int, int]:
        """The lines of a statement, with its decorators and the comments right above."""
        first = min([statement.lineno, *(one.lineno for one in getattr(statement, "decorator_list", []))]) - 1
        while (
            first and self.lines[first - 1].startswith(b"#") and not self.lines[first - 1].startswith(b"#!")
        ):
            first -= 1
        return self.starts[first], self.starts[statement.end_lineno or statement.lineno]

    def gaps(self, node: ast.AST) -> Iterator[tuple[int, int]]:
        """From each element that leaves to the next, or to the end of them all."""
        found = elements(node)
        places = [self.reach(first, last) for first, last in found]
        for position, (first, _) in enumerate(found):
            if first in self.cut:
                begin, stop = places[position]
                if position + 1 < len(found):
                    stop = places[position + 1][0]
                elif self.byte(self.place(node)[1] - 1) in b")]}":
                    stop = self.place(node)[1] - 1
                else:  # an import without brackets ends with its last name
                    begin = max(
                        [end for (one, _), (_, end) in zip(found, places, strict=True) if one not in self.cut]
                    )
                yield begin, stop

    def reach(self, first: ast.AST, last: ast.AST) -> tuple[int, int]:
        """Where an element begins and ends; two stars belong to it."""
        begin = self.place(first)[0] - (2 if first is last and self.starred(first) else 0)
        return begin, self.place(last)[1]

    def starred(self, node: ast.AST) -> bool:
        """Whether `**` stands before a value."""
        begin = self.place(node)[0]
        return self.byte(begin - 1) == self.byte(begin - 2) == b"*"

    def byte(self, position: int) -> bytes:
        """One of the text's."""
        return self.whole[position : position + 1]
