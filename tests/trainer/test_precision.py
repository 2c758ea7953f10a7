"""trainer.precision=auto: what it finds by the device, the size of the work and the target."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from kindling.build import build
from kindling.data.spec import DataSpec
from kindling.model.cnn import CNN
from kindling.model.lstm import LSTM
from kindling.model.mlp import MLP
from kindling.model.sequential import Sequential
from kindling.trainer import precision
from kindling.trainer.precision import applied, choose, has_bfloat16, settle
from tests.conftest import QUIET

IMAGE = (1, 28, 28)
CLASSES = DataSpec(IMAGE, "class", 10)
LARGE = MLP(IMAGE, 10, [512, 256])


@pytest.fixture
def able(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"amx_bf16": True, "avx512_bf16": False})


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({"amx_bf16": True}, True),
        ({"avx512_bf16": True}, True),
        ({"avx2": True, "amx_bf16": False}, False),
        ({}, False),
    ],
)
def test_a_cpu_is_asked(found: dict[str, Any], expected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: found)
    assert has_bfloat16("cpu") is expected
    assert choose(LARGE, CLASSES, 128, "cpu")[0] == ("bf16-mixed" if expected else "32-true")


def test_an_older_torch_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(torch.cpu, "get_capabilities")
    assert not has_bfloat16("cpu")


@pytest.mark.parametrize(
    ("net", "shape", "batch_size", "expected"),
    [
        (LARGE, IMAGE, 128, "bf16-mixed"),
        (LARGE, IMAGE, 32, "32-true"),  # each weight is used too rarely
        (MLP((64,), 10, [64, 64]), (64,), 128, "32-true"),
        (CNN(IMAGE, 10, [32, 64]), IMAGE, 32, "bf16-mixed"),
    ],
)
@pytest.mark.usefixtures("able")
def test_little_work_stays_float32(
    net: nn.Module, shape: tuple[int, ...], batch_size: int, expected: str
) -> None:
    assert choose(net, DataSpec(shape, "class", 10), batch_size, "cpu")[0] == expected


@pytest.mark.usefixtures("able")
def test_numbers_to_predict_keep_their_digits() -> None:
    assert choose(LARGE, DataSpec(IMAGE, "real", 10), 128, "cpu")[0] == "32-true"


def test_multiplications_are_counted() -> None:
    assert applied(MLP((5,), 3, [7]), (5,)) == (5 * 7 + 7 * 3,) * 2
    assert applied(LSTM((6, 4), 3, 8), (6, 4)) == (6 * 32 * (4 + 8) + 8 * 3, 32 * (4 + 8) + 8 * 3)
    convolved = CNN((1, 8, 8), 3, [2, 4])
    head = 4 * 2 * 2 * 3
    assert applied(convolved, (1, 8, 8)) == (64 * 9 * 2 + 16 * 18 * 4 + head, 9 * 2 + 18 * 4 + head)
    strange = Sequential((6, 4), 3, [{"GRU": 8}, "Last"])
    assert applied(strange, (6, 4)) == (6 * 24 * (4 + 8) + 8 * 3, 24 * (4 + 8) + 8 * 3)


def test_counting_changes_nothing() -> None:
    net = CNN(IMAGE, 10, [4], norm="batch", dropout=0.5)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    torch.manual_seed(0)
    drawn = torch.rand(1)
    torch.manual_seed(0)
    applied(net, IMAGE)
    assert torch.equal(torch.rand(1), drawn)
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert all(part.training for part in net.modules())
    assert not any(part._forward_hooks for part in net.modules())


@pytest.mark.usefixtures("able")
def test_the_choice_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert settle(LARGE, CLASSES, 128, "cpu") == "bf16-mixed"
    told = capsys.readouterr().out
    assert told == (
        "precision bf16-mixed: this CPU computes in bfloat16; trainer.precision=32-true is float32\n"
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [([], "bf16-mixed"), (["trainer.precision=32-true"], "32-true"), (["data=diabetes"], "32-true")],
)
@pytest.mark.usefixtures("able")
def test_the_trainer_gets_it(
    words: list[str], expected: str, composed: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(precision, "WORTH", {"cpu": 0})
    monkeypatch.setattr(precision, "USES", 0)
    data, module, trainer = build(composed(*QUIET, "model=mlp", *words), tmp_path)
    assert trainer.precision == expected
    trainer.fit(module, data)
    facts = trainer.checkpoint_callbacks[-1].facts
    assert facts["precision"] == expected
    assert facts["config"]["trainer"]["precision"] == (
        expected if len(words) and "precision" in words[0] else "auto"
    )
    assert next(module.net.parameters()).dtype == torch.float32
