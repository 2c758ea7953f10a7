"""What the checks hold for filled in is what the builder fills in."""

import ast

from kindling.check.value import FACTS
from tests.conftest import PROJECT


def test_the_builder_fills_in_what_nobody_may_set() -> None:
    tree = ast.parse((PROJECT / "src/kindling/build.py").read_text())
    calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and ast.unparse(one.func) == "make"]
    filled: dict[str, set[str]] = {}
    for call in calls:
        place, name = map(ast.unparse, call.args[:2])
        group = {"cfg.mixers": "mixers", "chosen": "logger"}.get(place, name.strip("'"))
        filled[group] = {str(word.arg) for word in call.keywords}
    called = {group: facts for group, facts in filled.items() if facts}
    by_module = {"optimizer": {"params"}, "scheduler": {"optimizer"}}  # what module.py fills in
    assert called | by_module == FACTS
