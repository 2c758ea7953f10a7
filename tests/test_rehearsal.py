"""A rehearsal says what a training would meet, and leaves everything as it was."""

import multiprocessing
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from omegaconf import DictConfig
from torch import Tensor, nn
from tqdm import tqdm

from kindling.build import build
from kindling.error import MachineError, NotFiniteError
from kindling.model.lstm import LSTM
from kindling.rehearsal import rehearse
from tests.added import make_gan, own
from tests.conftest import CONF, QUIET

Built = Callable[..., tuple[Any, Any]]
IMAGES = ["data=digits"]
TABLE = ["data=wine", "data.batch_size=16"]  # wine alone
NUMBERS = ["data=diabetes", "task=regression"]
CASES = [
    *([f"model={path.stem}", *IMAGES] for path in (CONF / "model").glob("*.yaml")),
    *([f"optimizer={path.stem}", *TABLE] for path in (CONF / "optimizer").glob("*.yaml")),
    ["regularizer=[mixup,cutmix,l1,l2,dropout,stochastic_depth]", "model=resnet", *IMAGES],
    ["augmentation=affine", "model=cnn", "model.norm=batch", "model.dropout=0.5", *IMAGES],
    ["task=binary", "data=breast_cancer", "task.metrics=[accuracy,auroc]", "scheduler=onecycle"],
    ["model.norm=batch", "layer_decay=0.5", "scheduler=plateau", *NUMBERS],
]


@pytest.fixture
def built(composed: Callable[..., DictConfig], tmp_path: Path) -> Built:
    """Data and module before any training."""
    return lambda *words: build(composed(*QUIET, *words), tmp_path)[:2]


def line(text: str, label: str) -> str:
    (found,) = (row for row in text.splitlines() if row.startswith(f"{label} "))
    return found[len(label) :].strip()


def loss(text: str) -> float:
    return float(line(text, "one batch").split()[2].replace(",", ""))


def layers(text: str) -> dict[str, list[str]]:
    """The cells of each layer by its name and kind."""
    rows = text.split("\n\n")[1].splitlines()
    return {name: cells for name, *cells in (re.split(r"  +", row) for row in rows[1:])}


def state(module: Any) -> list[Any]:
    """Whatever a rehearsal could change."""
    parts = [(part.training, len(part._forward_hooks)) for part in module.modules()]
    buffers = [buffer.tolist() for buffer in module.buffers()]
    weights = [(p.tolist(), p.grad, p.requires_grad) for p in module.parameters()]
    drawn = torch.get_rng_state().tolist(), random.getstate(), str(np.random.get_state())
    return [parts, buffers, weights, drawn, module._meter("train").waiting, module.schedule]


def test_rows_layers_weights_and_memory_are_said(built: Built) -> None:
    data, module = built(*IMAGES, "model.hidden=[64]")
    text = rehearse(data, module)
    train, val, test = (f"{len(data.splits[name]):,}" for name in ("train", "val", "test"))
    assert line(text, "rows") == f"{train} training, {val} validation, {test} test; a batch has 32"
    assert line(text, "input") == "images of 1×8×8; the target: 10 classes"
    assert list(layers(text))[:3] == ["0 Flatten", "1.0 Linear", "1.1 Identity"]
    assert layers(text)["1.0 Linear"] == ["(32, 64)", "4,160"]
    assert line(text, "total") == "4,810 weights, 4,810 of them learned"
    weights, adam = 4 * 4810, 4 * (2 * 4810 + 4)  # Adam counts the steps of each of four tensors
    # what both linear layers were given, the logarithms of the probabilities, and the labels
    kept = 32 * (4 * (64 + 64 + 10) + 8)
    sizes = [weights, weights, adam, kept, 2 * weights + adam + kept]
    said = re.findall(r"[\d.]+kB", line(text, "memory"))
    assert said == [tqdm.format_sizeof(size, "B") for size in sizes]


@pytest.mark.parametrize("words", CASES, ids=lambda words: words[0])
def test_everything_is_left_as_it_was(words: list[str], built: Built) -> None:
    data, module = built(*words)
    list(module.net.modules())[-1].eval()
    before = state(module)
    text = rehearse(data, module)
    assert state(module) == before
    assert " 0.00B " not in text
    assert max(map(len, text.splitlines())) <= 110
    assert rehearse(data, module).rpartition(";")[0] == text.rpartition(";")[0]  # but for the time


@pytest.mark.parametrize("words", [["regularizer=[mixup]"], ["augmentation=affine"], ["model.norm=batch"]])
def test_the_loss_is_that_of_the_first_batch_of_the_training(
    words: list[str], built: Built, fitted: Callable[..., tuple[Any, Any, Any]]
) -> None:
    *_, trainer = fitted(*IMAGES, *words)
    expected = pytest.approx(float(trainer.callback_metrics["train/loss"]), rel=1e-3)
    assert loss(rehearse(*built(*IMAGES, *words))) == expected


def test_penalties_join_the_loss(built: Built) -> None:
    data, module = built(*TABLE)
    expected = pytest.approx(loss(rehearse(data, module)) + 1234, abs=1)
    module.penalties = {"own": lambda net: torch.tensor(1234.0)}
    assert loss(rehearse(data, module)) == expected


def test_many_layers_are_folded_into_their_blocks(built: Built) -> None:
    data, module = built(*IMAGES, "model=resnet")
    found = layers(rehearse(data, module))
    assert found["blocks.1.block Sequential"] == ["(32, 32, 4, 4)", "4,672"]
    assert len(found) <= 40
    counts = [int(cells[-1].replace(",", "")) for cells in found.values()]
    assert sum(counts) == sum(parameter.numel() for parameter in module.net.parameters())


def sequence(*parts: nn.Module) -> nn.Sequential:
    return nn.Sequential(*parts, nn.Linear(13, 3))


ENCODER = nn.Sequential(
    nn.Flatten(1, 2), nn.TransformerEncoderLayer(8, 2, 8, batch_first=True), nn.Flatten(), nn.Linear(64, 10)
)
ONE, HELD = nn.Linear(13, 13), nn.Linear(13, 13).requires_grad_(False)


@pytest.mark.parametrize(
    ("words", "net", "lines"),
    [
        (IMAGES, LSTM((1, 8, 8), 10, 64), [r"recurrent LSTM +\(32, 8, 64\) and 2 more +18,944"]),
        (IMAGES, ENCODER, [r"1.self_attn Multi\w+ +\(32, 8, 8\) +216", r"1.self_attn.out_proj \w+ +72"]),
        (TABLE, nn.Linear(13, 3), [r"net Linear +\(16, 3\) +42"]),
        (TABLE, sequence(*[nn.ReLU() for _ in range(60)]), ["… 21 more", "total +42 weights, .*"]),
        (TABLE, sequence(ONE, nn.ReLU(), ONE), ["0 .* 182\n1 .* 0\n3 .* 42", "total +224 weights, .*"]),
        (TABLE, sequence(HELD), ["0 .* 182 +182\n1 .* 42 +0", "total .* 42 of .*", "memory .* 168B grad.*"]),
    ],
)
def test_any_network_is_told_part_by_part(
    words: list[str], net: nn.Module, lines: list[str], built: Built
) -> None:
    data, module = built(*words)
    module.net = net
    text = rehearse(data, module)
    for one in lines:
        assert re.search(f"^{one}$", text, re.MULTILINE), text


def test_an_algorithm_that_needs_its_trainer_tells_the_rest(built: Built) -> None:
    gan = make_gan(own("gan"))
    gan.optimizer = torch.optim.Adam
    text = rehearse(built("data=blobs", "data.batch_size=16")[0], gan)
    assert layers(text)["0 Flatten"][0] == "(16, 2)"
    assert layers(text)["generator.0 Linear"][-1] == "24"
    weights = sum(parameter.numel() for parameter in gan.parameters())
    assert line(text, "total") == f"{weights:,} weights, {weights:,} of them learned"
    assert f"{tqdm.format_sizeof(8 * weights + 4 * len(list(gan.parameters())), 'B')} optimizer" in text
    assert "one batch" not in text


@pytest.mark.parametrize(
    ("last", "words"),
    [(lambda x: x * torch.nan, "training loss"), (lambda x: (x - x.detach()).sqrt(), "norm of the gradient")],
)
def test_what_is_not_finite_is_refused(last: Callable[[Tensor], Tensor], words: str, built: Built) -> None:
    data, module = built(*NUMBERS)
    module.net.register_forward_hook(lambda net, inputs, output: last(output))
    with pytest.raises(
        NotFiniteError, match=f"^first batch: the {words} is (nan|inf), expected a finite number; "
    ):
        rehearse(data, module)


NO_ROOM = "^memory: expected room for a batch of 16 rows on cpu, got too little; lower data.batch_size"


@pytest.mark.parametrize(
    ("act", "kind", "words"),
    [
        (lambda *_: torch.empty(2**50), MachineError, NO_ROOM),
        (lambda *_: np.empty(2**56), MachineError, NO_ROOM),
        (lambda *_: torch.ones(2) + torch.ones(3), RuntimeError, "must match"),
    ],
)
def test_only_the_end_of_memory_is_the_users_to_mend(
    act: Callable[..., Any], kind: type[Exception], words: str, built: Built
) -> None:
    data, module = built(*TABLE)
    module.net.register_forward_pre_hook(act)
    with pytest.raises(kind, match=words):
        rehearse(data, module)


def test_workers_that_read_the_batch_are_gone_afterwards(built: Built) -> None:
    assert "a batch has 16" in rehearse(*built(*TABLE, "data.in_memory=false", "data.workers=1"))
    assert not multiprocessing.active_children()
