"""What a target takes is read from its source; nothing is imported for it."""

import ast
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import torch
from pytorch_lightning import Trainer

from kindling.check.kind import of_parameter
from kindling.check.signature import constant, parameters
from kindling.check.source import absent, define, file_of, installed, names, scope, text_of

PACKAGE = {
    "__init__.py": "from .deep.inner import Chosen as Renamed\nfrom .deep import *\n",
    "deep/__init__.py": "from .inner import (\n    Base,  # a comment, with a comma\n    Chosen,\n)\n",
    "deep/inner.py": '''
from dataclasses import dataclass
from typing import Any
raise RuntimeError("imported")

Alias = int | None

class Base:
    """A base."""
    kind = "class"

    def __init__(self, size: Alias, given: str, *, late: bool = False) -> None:
        self.size = size
# a comment at the margin
        self.late = late

class Chosen(Base):
    kind: str = "real"

    def __init__(self, first: float, **shared: Any) -> None:
        super().__init__(given="x", **shared)

@dataclass
class Fields:
    width: int
    height: int = 3

Other = Chosen

def make(x, /, y: int = 1, **rest: Any) -> None: ...
class Broken(Base:
''',
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package that can't be imported."""
    for name, text in PACKAGE.items():
        path = tmp_path / "unimported" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    caches = (file_of, define, parameters)
    yield
    for one in caches:
        one.cache_clear()
    assert "unimported" not in sys.modules


def taken(target: str) -> dict[str, bool]:
    """The arguments of a target, and whether they are required."""
    found = parameters(f"unimported.{target}")
    assert found is not None
    return {name: one.required for name, one in found.named.items()}


@pytest.mark.parametrize(
    "name", ["Renamed", "Chosen", "deep.Chosen", "deep.inner.Chosen", "deep.inner.Other"]
)
def test_a_class_is_found_through_any_import_with_what_it_passes_on(name: str, package: None) -> None:
    assert taken(name) == {"size": False, "given": False, "late": False, "first": True}
    found = parameters(f"unimported.{name}")
    assert found is not None
    assert not found.open_ended


def test_what_is_required_has_no_default(package: None) -> None:
    assert taken("deep.inner.Base") == {"size": True, "given": True, "late": False}
    assert taken("deep.inner.Fields") == {"width": True, "height": False}
    assert taken("deep.inner.make") == {"x": True, "y": False}
    found = parameters("unimported.deep.inner.make")
    assert found is not None
    assert found.open_ended


def test_an_annotation_is_read_in_its_own_module(package: None) -> None:
    found = parameters("unimported.Chosen")
    assert found is not None
    assert of_parameter(found.named["size"]) == {"anyOf": [{"type": "integer"}, {"type": "null"}]}


def test_a_constant_is_that_of_the_class_or_the_one_below(package: None) -> None:
    kinds = {name: constant(f"unimported.deep.inner.{name}", "kind") for name in ("Base", "Chosen")}
    assert {name: ast.literal_eval(kind) for name, kind in kinds.items() if kind} == {
        "Base": "class",
        "Chosen": "real",
    }
    assert constant("unimported.Chosen", "nothing") is None


@pytest.mark.parametrize("name", ["Missing", "deep.inner.Broken", "missing.Chosen", "deep.inner.Base.part"])
def test_what_can_not_be_read_tells_nothing(name: str, package: None) -> None:
    assert parameters(f"unimported.{name}") is None


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A module of one file, an empty package, and one whose names are made while it runs."""
    (tmp_path / "single.py").write_text(PACKAGE["deep/inner.py"])
    for name, text in (("empty", ""), ("empty/below", ""), ("made", "globals().update(A=1)\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(text)
    (tmp_path / "taken.py").write_text("from single import *\nfrom made import B as C\n")
    (tmp_path / "open.py").write_text("from made import *\n")
    monkeypatch.syspath_prepend(tmp_path)
    caches = (file_of, text_of, define, parameters, scope)
    yield
    for one in caches:
        one.cache_clear()


def test_a_module_of_one_file_is_read_as_a_package_is(modules: None) -> None:
    found = parameters("single.Base")
    assert found is not None
    assert list(found.named) == ["size", "given", "late"]
    assert file_of("single.below") is None


def test_a_name_that_the_sources_never_mention_is_absent(modules: None) -> None:
    assert absent("single.Bass") == absent("single.Bass.more") == ("single", "Bass")
    assert absent("taken.Bass") == ("taken", "Bass")
    assert absent("empty.belw.Net") == ("empty", "belw")
    assert absent("empty.below.Net") == ("empty.below", "Net")
    assert {"Base", "Chosen", "make"} <= {*names("single")}
    assert {"Base", "C"} <= {*names("taken")}


@pytest.mark.parametrize(
    "target",
    ["single.Base", "single.Base.part", "taken.Base", "taken.C", "made.Any", "open.Any", "empty.below"],
)
def test_what_may_be_there_is_not_absent(target: str, modules: None) -> None:
    assert absent(target) is None


@pytest.mark.parametrize("module", [torch.nn, torch.optim, torch.optim.lr_scheduler])
def test_no_class_of_torch_is_absent(module: ModuleType) -> None:
    assert [name for name in dir(module) if name[0].isupper() and absent(f"{module.__name__}.{name}")] == []


def test_packages_are_found_by_name_alone() -> None:
    assert installed("torch.optim.Adam")
    assert not installed("no_such_package.x")
    assert not installed("")
    assert not installed(".")


@pytest.mark.parametrize(
    "target",
    [
        *("torch.optim.Adam", "torch.optim.SGD", "torch.optim.LBFGS", "torch.optim.RMSprop"),
        *(
            "torch.optim.lr_scheduler.ReduceLROnPlateau",
            "torch.optim.lr_scheduler.OneCycleLR",
            "torch.nn.Linear",
        ),
    ],
)
def test_the_source_says_what_the_import_does(target: str) -> None:
    made = torch
    for part in target.split(".")[1:]:
        made = getattr(made, part)
    agrees(target, made)


def test_the_trainer_as_well() -> None:
    agrees("pytorch_lightning.Trainer", Trainer)


def agrees(target: str, made: object) -> None:
    """The same arguments, and the same of them with a default."""
    found = parameters(target)
    assert found is not None
    signature = inspect.signature(made).parameters  # type: ignore[arg-type]
    expected = {name: one.default is one.empty for name, one in signature.items()}
    assert {name: one.required for name, one in found.named.items()} == expected
