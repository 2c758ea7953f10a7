"""The builder fills in every fact, and says in one line what does not go together."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from omegaconf import DictConfig

from kindling.build import build
from kindling.error import ConfigError, MachineError
from kindling.run.keep import Keep
from tests.conftest import QUIET

Composed = Callable[..., DictConfig]


def test_shapes_and_classes_come_from_the_data(composed: Composed, tmp_path: Path) -> None:
    data, module, _ = build(composed(*QUIET, "data=wine", "model=mlp"), tmp_path)  # wine alone
    data.setup()
    inputs, _ = next(iter(data.train_dataloader()))
    assert module(inputs).shape == (len(inputs), 3)


def test_the_same_seed_builds_the_same_network(composed: Composed, tmp_path: Path) -> None:
    first, second = (build(composed(*QUIET, "seed=3"), tmp_path)[1].net.state_dict() for _ in range(2))
    other = build(composed(*QUIET, "seed=4"), tmp_path)[1].net.state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert any(not torch.equal(first[name], other[name]) for name in first)


def test_the_checkpoints_stay_without_any_callback(composed: Composed, tmp_path: Path) -> None:
    _, _, trainer = build(composed(*QUIET, "callback=[]"), tmp_path)
    assert isinstance(trainer.checkpoint_callbacks[-1], Keep)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["model=lstm", "data=wine"], "needs images or sequences; data has rows of 13 numbers"),  # wine alone
        (["model=cnn", "data=blobs"], "needs images or sequences; data has rows of 2 numbers"),
        (["data=digits", "task=binary"], "needs 2 classes; data has 10 classes"),
        (["data=digits", "task=regression"], "needs numbers to predict; data has 10 classes"),
        (
            ["data=diabetes", "model=mlp", "task=classification"],
            "needs two classes or more; .* numbers to predict",
        ),
        (["+data.speed=3"], "data.speed: .* no such setting"),
        (["data.image_shape=[1,7,8]"], "data.image_shape: expected a product of 64"),
        (["monitor.mode=max"], "monitor.mode: expected min for val/loss, got max; add monitor.mode=min"),
        (["monitor.metric=val/accuracy"], "expected max for val/accuracy, got min; add monitor.mode=max"),
        (["data=diabetes", "monitor.metric=val/mae", "monitor.mode=max"], "expected min for val/mae"),
        (["seed=-1"], "seed: -1 is not in bounds"),
        (["trainer.accelerator=foo"], "trainer.accelerator: .*foo"),
    ],
)
def test_what_does_not_go_together_is_one_line(
    words: list[str], message: str, composed: Composed, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        build(composed(*QUIET, *words), tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_a_missing_gpu_is_the_machines_lack(composed: Composed, tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="GPU"):
        build(composed("logger=[]", "trainer=gpu"), tmp_path)


def test_a_bug_in_a_part_keeps_its_own_traceback(
    composed: Composed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("kindling.model.mlp.MLP.__init__", broken)
    with pytest.raises(ZeroDivisionError):
        build(composed(*QUIET), tmp_path)


def test_maps_of_images_lie_channel_beside_channel_as_a_cpu_reads_them_fastest(
    composed: Composed, tmp_path: Path
) -> None:
    data, module, _ = build(composed(*QUIET, "model=cnn"), tmp_path)
    inputs, _ = next(iter(data.train_dataloader()))
    made = module.net.get_submodule("blocks")(module.normalize(inputs))
    assert made.is_contiguous(memory_format=torch.channels_last)
    assert not made.is_contiguous()
