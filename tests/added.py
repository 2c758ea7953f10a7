"""The files of tests/own, which are added by copying them over the project."""

import importlib.util
import shutil
import sys
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch

from kindling.data.spec import DataSpec
from kindling.model.mlp import MLP
from kindling.task.binary import Binary
from tests.conftest import PROJECT

OWN = PROJECT / "tests" / "own"
FILES = sorted(path.relative_to(OWN) for path in OWN.rglob("*.*") if path.suffix in (".py", ".yaml"))


def copied(folder: Path) -> Path:
    """The project, to add to."""
    for part in ("conf", "src", "scripts", "tests", ".vscode"):
        shutil.copytree(PROJECT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("train.py", "pyproject.toml", "README.md", "CONTRIBUTING.md", "requirements.lock"):
        shutil.copy(PROJECT / name, folder)
    return folder


def own(path: str) -> ModuleType:
    """A module of tests/own by its path under kindling, without leaving a cache there."""
    spec = importlib.util.spec_from_file_location(path.replace("/", "_"), OWN / f"src/kindling/{path}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "dont_write_bytecode", True)
        patch.setitem(sys.modules, spec.name, module)  # dataclasses look there
        spec.loader.exec_module(module)
    return module


def make_gan(gan: ModuleType, **settings: Any) -> Any:
    """A module of the algorithm `gan` on points of two numbers."""
    net, task = MLP((2,), 1, [64, 64]), Binary(DataSpec((2,), "class", 2))
    sgd = partial(torch.optim.SGD, lr=0.1)
    return gan.GAN(
        input_shape=(2,), net=net, task=task, optimizer=sgd, **{"latent": 2, "hidden": 8, **settings}
    )
