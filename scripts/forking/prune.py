"""Takes out of tests and scripts what speaks of an option that leaves, and what needs that in turn."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from .mention import Mention
from .module import Module
from .statement import Function, absolute, elements, fixture_name, names, rows, table_of
from .text import without_blocks

INSTEAD = {"data=wine": "data=digits"}  # where a test takes just any small set
SHOWN = {  # what speaks of an option as an example or as advice, and what does without
    ("model", "cnn"): ("model=cnn", "model=mlp"),
    ("optimizer", "sgd"): ("optimizer=sgd", "optimizer=adam"),
    ("augmentation", "affine"): (" augmentation=affine", ""),
    ("data", "timeseries"): (", or forecast a series with data=timeseries", ""),
    ("regularizer", "grad_clip"): (" or add regularizer=[grad_clip]", ""),
    ("callback", "confusion_matrix"): ("; choose callback=[confusion_matrix]", "; leave it out"),
}
ALONE = "# wine alone"  # ends a line of which only that one will do


def pruned(
    texts: Mapping[str, str], mention: Mention, gone: Iterable[str]
) -> tuple[dict[str, str | None], Mention]:
    """The new text of each module that changes, None where it leaves, and what leaves with them.

    `gone` are modules that leave whole, by their paths.
    """
    work = Pruning({path: Module(path, text) for path, text in texts.items()}, mention, gone)
    while work.run():
        pass
    return work.results(), work.mention


def replaced(path: str, text: str, mention: Mention) -> str:
    """A test with another set where the one that it takes leaves, an example of a command with what stays."""
    if path.endswith((".md", ".ipynb")):
        return text
    if not path.startswith("tests/"):
        for said, instead in (SHOWN[option] for option in SHOWN.keys() & mention.options):
            text = re.sub(rf"{re.escape(said)}(?!\w)", instead, text)
        return text
    for word, other in INSTEAD.items():
        if tuple(word.split("=")) in mention.options:
            pattern = re.compile(rf"(?<=[\"']){word}(?=[\"'])")
            lines = text.splitlines(keepends=True)
            text = "".join(one if ALONE in one else pattern.sub(other, one) for one in lines)
    return text


class Pruning:
    """All modules together, as names go from one to another."""

    def __init__(self, modules: dict[str, Module], mention: Mention, gone: Iterable[str]) -> None:
        self.modules, self.mention = modules, mention
        self.by_name = {module.dotted: module for module in modules.values()}
        self.by_name |= {name.removeprefix("scripts."): module for name, module in self.by_name.items()}
        for path in set(gone) & {*modules}:
            modules[path].drop_all()
        self.used = self.uses()
        self.fixtures: set[tuple[str, str]] = set()  # where each was known, and its name

    def run(self) -> bool:
        """Until nothing more leaves; whether others may speak of what has left."""
        while self.turn():
            pass
        self.drop_unused()
        before, self.mention = self.mention, self.mention.plus(self.words())
        return before.words != self.mention.words

    def results(self) -> dict[str, str | None]:
        """The new texts."""
        changed = {path: one for path, one in self.modules.items() if one.cut or one.shortened}
        return {path: None if one.empty else one.result() for path, one in changed.items()}

    def words(self) -> Iterator[str]:
        """How others speak of the programs and tests that leave."""
        for path, module in self.modules.items():
            if module.removed and module.empty:
                yield path
                if PurePosixPath(path).parent.name == "scripts":
                    yield PurePosixPath(path).name
            if module.is_test:
                yield from (f"::{name}" for name in module.removed if name.startswith("test"))

    def turn(self) -> bool:
        """Look at every statement once; whether any has left."""
        before = self.size()
        for module in self.modules.values():
            for statement in module.left:
                if isinstance(statement, ast.Import | ast.ImportFrom):
                    self.shorten_import(module, statement)
                elif statement is not module.docstring and self.spoiled(module, statement):
                    self.shorten(module, statement)
                    if self.spoiled(module, statement):
                        self.drop(module, statement)
            if module.empty and module.removed and module.left:
                module.drop_all()
        return self.size() != before

    def size(self) -> int:
        """How much has left."""
        return sum(len(module.cut) + len(module.shortened) for module in self.modules.values())

    def drop(self, module: Module, statement: ast.stmt) -> None:
        """A statement leaves; a program without one of its functions does so whole."""
        if isinstance(statement, Function) and (fixture := fixture_name(statement)):
            path = PurePosixPath(module.path)
            self.fixtures.add((f"{path.parent}/" if path.name == "conftest.py" else module.path, fixture))
        module.drop(statement)
        if module.path.startswith("scripts/") and isinstance(statement, Function | ast.ClassDef | ast.If):
            module.drop_all()

    def shorten_import(self, module: Module, statement: ast.Import | ast.ImportFrom) -> None:
        """Take the names out that are no more."""
        origin = absolute(module.dotted, statement)
        for alias in statement.names:
            if alias not in module.cut and self.is_gone(origin, alias.name):
                module.cut.add(alias)
                module.removed.add(alias.asname or alias.name)
        if all(alias in module.cut for alias in statement.names):
            module.cut.add(statement)

    def is_gone(self, origin: str, name: str) -> bool:
        """Whether what is imported from somewhere has left; an empty origin is the name itself."""
        whole = f"{origin}.{name}".strip(".")
        above, it = self.by_name.get(origin), self.by_name.get(whole)
        left = bool(above and name in above.removed) or bool(it and not it.left)
        return left or origin in self.mention.words or whole in self.mention.words

    def shorten(self, module: Module, statement: ast.stmt) -> None:
        """Take single elements out of the lists that a statement consists of, and blocks out of its texts."""
        for row in rows(statement):
            found = elements(row)
            for first, last in found:
                if first not in module.cut and any(self.spoiled(module, one) for one in {first, last}):
                    module.cut |= {first, last}
            emptied = all(first in module.cut for first, _ in found)
            if found and emptied and not isinstance(statement, ast.AnnAssign):
                module.drop(statement)
        if isinstance(statement, ast.Assign) and (table := table_of(statement.value)):
            begin, end = module.place(table)
            module.shortened[table] = without_blocks(module.whole[begin:end].decode(), self.mention)

    def spoiled(self, module: Module, node: ast.AST) -> bool:
        """Whether a node, or any below it, needs or speaks of what has left."""
        of_program = module.path.startswith("scripts/") and isinstance(node, Function | ast.ClassDef | ast.If)
        for one in module.told(node):
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                if not of_program and one not in module.shortened and self.told(module, one.value):
                    return True
            elif isinstance(one, ast.Name):
                if one.id in module.removed:
                    return True
            elif isinstance(one, ast.arg):
                if self.lacks_fixture(module, one.arg):
                    return True
            elif isinstance(one, ast.Import | ast.ImportFrom) and one is not node:
                origin = absolute(module.dotted, one)
                if any(self.is_gone(origin, alias.name) for alias in one.names):
                    return True
        return False

    def told(self, module: Module, text: str) -> bool:
        """Whether a text of a module speaks of what leaves."""
        if self.mention.within(text) or self.lacks_fixture(module, text):
            return True
        return module.path.startswith("tests/") and text in self.mention.names

    def lacks_fixture(self, module: Module, name: str) -> bool:
        """Whether a name is that of a fixture that has left."""
        return any(name == one and module.path.startswith(place) for place, one in self.fixtures)

    def uses(self) -> Counter[str]:
        """How many statements use each name."""
        return Counter(
            name
            for module in self.modules.values()
            for statement in module.left
            for name in set(module.used(statement))
        )

    def drop_unused(self) -> None:
        """What only served what has left leaves too."""
        more = True
        while more:
            more, now = False, self.uses()
            for module in self.modules.values():
                if not module.path.startswith("tests/"):
                    continue
                for statement in module.left:
                    own = names(statement)
                    others = [now[name] - (name in set(module.used(statement))) for name in own]
                    if own and not any(others) and any(self.used[name] > now[name] for name in own):
                        module.drop(statement)
                        more = True
