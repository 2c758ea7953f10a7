"""compile and threads: what the words do to the network and to torch."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from kindling.build import build
from kindling.trainer import speed
from kindling.trainer.speed import compile_net
from tests.conftest import QUIET


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    modes: list[str] = []
    monkeypatch.setattr(nn.Module, "compile", lambda net, mode: modes.append(mode))
    return modes


@pytest.mark.parametrize(
    ("how", "device", "expected"),
    [
        ("none", "cuda", []),
        ("auto", "cpu", []),
        ("auto", "mps", []),
        ("auto", "cuda", ["reduce-overhead"]),
        ("default", "cpu", ["default"]),
        ("max-autotune", "cuda", ["max-autotune"]),
    ],
)
def test_only_a_gpu_gains(
    how: str, device: str, expected: list[str], asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed, "used", lambda accelerator: device)
    compile_net(nn.Linear(1, 1), how, "auto")
    assert asked == expected


def test_the_word_reaches_the_network(asked: list[str], composed: Any, tmp_path: Path) -> None:
    build(composed(*QUIET, "compile=default"), tmp_path)
    assert asked == ["default"]


@pytest.mark.full
@pytest.mark.skipif(not shutil.which("g++"), reason="torch.compile needs a C++ compiler")
def test_compiled_it_learns_the_same(composed: Any, tmp_path: Path) -> None:
    def trained(how: str) -> dict[str, Any]:
        words = ("data=wine", "model=mlp", "model.dropout=0.2", f"compile={how}", "trainer.max_epochs=3")
        data, module, trainer = build(composed(*QUIET, *words), tmp_path / how)
        trainer.fit(module, data)
        return module.net.state_dict()

    plain, compiled = trained("none"), trained("default")
    assert plain.keys() == compiled.keys()
    assert all(torch.allclose(plain[name], compiled[name], atol=1e-3) for name in plain)


def test_the_network_is_tried_before_it_is_compiled(
    asked: list[str], composed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed, "settle", lambda *_: asked.append("tried") or "32-true")
    build(composed(*QUIET, "compile=default"), tmp_path)
    assert asked == ["tried", "default"]


def test_threads_are_set(composed: Any, tmp_path: Path) -> None:
    before = torch.get_num_threads()
    try:
        build(composed(*QUIET, "threads=1"), tmp_path)
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)
