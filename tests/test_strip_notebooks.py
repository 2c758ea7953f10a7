"""scripts/strip_notebooks.py: what a run left goes, what was written stays."""

import json
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.conftest import PROJECT

CELL = {"cell_type": "code", "id": "a", "metadata": {}, "source": ["1 + 1"]}


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(PROJECT / "scripts")
    module = ModuleType("strip_notebooks")
    module.__file__ = str(PROJECT / "scripts" / "strip_notebooks.py")
    SourceFileLoader("strip_notebooks", module.__file__).exec_module(module)
    return module


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """One that was run."""
    left = {"execution_count": 3, "outputs": [{"output_type": "stream", "name": "stdout", "text": "2"}]}
    book = {"cells": [{**CELL, **left}], "metadata": {"editor": "mine"}, "nbformat": 4, "nbformat_minor": 4}
    (tmp_path / "one.ipynb").write_text(json.dumps(book), encoding="utf-8")
    return tmp_path / "one.ipynb"


def test_what_a_run_left_goes_and_what_was_written_stays(path: Path, script: ModuleType) -> None:
    assert script.main([str(path)]) == 0
    book: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert book["cells"] == [{**CELL, "execution_count": None, "outputs": []}]
    assert book["metadata"]["language_info"] == {"name": "python"}
    assert script.main([str(path), "--check"]) == 0


def test_check_writes_nothing(path: Path, script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    before = path.read_bytes()
    assert script.main([str(path), "--check"]) == 1
    assert path.read_bytes() == before
    assert capsys.readouterr().out == f"{path}: to strip; type: python scripts/strip_notebooks.py\n"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"nbformat": 4, "cells": [{}]}'])
def test_what_is_no_notebook_is_told(text: str, path: Path, script: ModuleType) -> None:
    path.write_text(text)
    with pytest.raises(script.ConfigError, match="expected a notebook"):
        script.main([str(path)])
    assert path.read_text() == text


def test_those_of_the_project_are_stripped(script: ModuleType) -> None:
    assert script.main(["--check"]) == 0
