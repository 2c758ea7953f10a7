"""Annotations, values and comments become one schema; it judges values, and says in words what fits."""

import ast
from pathlib import Path
from typing import Any

import pytest

from kindling.check.fit import describe, fits, spelled
from kindling.check.kind import narrowed, of_annotation, of_value
from kindling.check.setting import Setting

NAN, ENDLESS = float("nan"), float("inf")
ANNOTATIONS = {  # what it takes, what it doesn't, what is said of it
    "int": ([0, -3], [1.0, True, "1", None, 2**63, [1]], "a whole number"),
    "float": ([0, 1.5], [True, "x", NAN, ENDLESS, 10**400, None], "a number"),
    "bool": ([True, False], [0, 1, "true", None], "true or false"),
    "str": (["", "x"], [1, None, ["x"]], "text"),
    "int | None": ([1, None], [1.5, ""], "a whole number or null"),
    "Optional[Union[int, float]]": ([1, 1.5, None], [True, "x"], "a number or null"),
    "list[int]": ([[], [1, 2]], [1, [1.5], ["x"]], "a list, each a whole number"),
    "tuple[float, float]": ([[0.9, 0.999]], [[0.9], [0.9, 0.9, 0.9], 0.9], "a list of 2, each a number"),
    "tuple[int, ...]": ([[], [1, 2, 3]], [["x"]], "a list, each a whole number"),
    "Literal['a', 'b', 1]": (["a", 1], ["c", True, 1.0], "one of a, b, 1"),
    "str | dict[str, Any]": (["x", {"a": 1}, {}], [1, ["x"]], "text or settings by name"),
    "dict[str, int]": ([{"a": 1}], [{"a": "x"}, "x"], "settings by name"),
    "float | Tensor": ([1.0, {"_target_": "x"}], ["x", {"a": 1}], "a number"),
    "'int'": ([1], ["x"], "a whole number"),
    "Any": ([1, None, "x", [1], {"a": 1}], [], "a word or a number"),
    "Nothing.known": ([1, None, "x"], [], "a word or a number"),
}


def schema_of(annotation: str) -> dict[str, Any]:
    """The schema of an annotation, in a module that knows torch's names."""
    return of_annotation(ast.parse(annotation, mode="eval").body, "torch.optim.adam")


@pytest.mark.parametrize("annotation", ANNOTATIONS)
def test_an_annotation_says_what_fits(annotation: str) -> None:
    good, bad, words = ANNOTATIONS[annotation]
    schema = schema_of(annotation)
    assert [value for value in good if not fits(value, schema)] == []
    assert [value for value in bad if fits(value, schema)] == []
    assert describe(schema) == words


COMMENTS = {
    "above 0": ([0.1, 5], [0, -1]),
    "0 or more; why": ([0, 7], [-0.1]),
    "of rows; 0 to below 1": ([0, 0.99], [1, -0.1]),
    "above 0 to 1: a share": ([1, 0.1], [0, 1.1]),
    "-1 or more: -1 has no end": ([-1, 3], [-2]),
    "1e-3 to 1": ([0.001], [0.0009]),
    "from 0 to whatever": ([-5, 5], []),
    "": ([-5], []),
}


@pytest.mark.parametrize("comment", COMMENTS)
def test_a_comment_tells_the_range(comment: str) -> None:
    bounds = Setting("a", "0.5", comment, Path()).bounds
    good, bad = COMMENTS[comment]
    for schema in (schema_of("float"), schema_of("float | list[float]"), schema_of("float | None")):
        narrow = narrowed(schema, [], bounds)
        assert [value for value in good if not fits(value, narrow)] == []
        assert [value for value in bad if fits(value, narrow)] == []
    lists = narrowed(schema_of("float | list[float]"), [], bounds)
    assert [value for value in bad if fits([good[0], value], lists)] == []


WORDS = {
    ("max", "or average, none: halves each side"): ["max", "average", "none"],
    ("auto", "or true, false; why"): ["auto", True, False],
    ("strong_wolfe", "or null: steps of lr"): ["strong_wolfe", None],
    ("min", "or max"): ["min", "max"],
    ("[none, max]", "or average"): ["none", "max", "average"],
    ("${monitor.mode}", "or min, max"): ["min", "max"],
    ("x", "or a file of src/kindling/loss"): [],
    ("x", "a name, or another"): [],
    ("x", "why; or y"): [],
}


@pytest.mark.parametrize(("text", "comment"), WORDS)
def test_a_comment_tells_all_words(text: str, comment: str) -> None:
    assert Setting("a", text, comment, Path()).words == WORDS[text, comment]


def test_words_hold_in_lists_and_leave_other_kinds_alone() -> None:
    schema = narrowed(schema_of("str | list[str] | dict[str, Any]"), ["none", "batch", None], {})
    assert all(fits(value, schema) for value in ("none", ["batch", "none"], {"a": 1}, None))
    assert not any(fits(value, schema) for value in ("other", ["none", "other"], 3))


def test_without_an_annotation_the_value_tells_the_kind() -> None:
    for value, other in ((True, 1), (1, 1.5), (0.5, "x"), ("x", 1), ([1, 2], ["x"]), ([], 3)):
        assert fits(value, of_value(value))
        assert not fits(other, of_value(value))
    assert fits(3, of_value(None))
    assert not fits([3], of_value(None))


def test_ranges_are_told_as_comments_have_them() -> None:
    for words in ("above 0", "of 1 or more", "from 0 to below 1", "from 0 to 1", "above 0 to below 1"):
        comment = words.removeprefix("of ").removeprefix("from ")
        schema = narrowed({"type": "number"}, [], Setting("a", "", comment, Path()).bounds)
        assert describe(schema) == f"a number {words}"


def test_values_are_spelled_as_they_are_typed() -> None:
    assert spelled([True, None, 0.001, {"elu": {"alpha": 1}}]) == "[true,null,0.001,{elu:{alpha:1}}]"
