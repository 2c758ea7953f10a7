"""A first layer that is measured on images and stays as it is, and mirror images that score alike."""

import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from omegaconf import DictConfig
from torch import Tensor

from kindling.build import build
from kindling.error import UnsuitableError
from kindling.model.whitened import HASTE, BiasNorm, Whitened, Whitening, make_block
from scripts.benchmark.same import differences
from tests.conftest import QUIET, Train, runs
from tests.copied import run_copy, signals

Fitted = Callable[..., tuple[Any, Any, Any]]
SMALL = ["data=digits", "model=whitened", "model.channels=[8,16]", "data.train_rows=200"]
STEP = "kindling.module.LitModule.training_step"


def photographs(rows: int = 200, side: int = 9) -> Tensor:
    """Neighbours and colours that have much in common, as in photographs."""
    grain = torch.randn(rows, 3, side, side) @ torch.randn(side, side).mul(0.3).add(torch.eye(side))
    return torch.einsum("ij,bjhw->bihw", torch.randn(3, 3), grain) + 2 * torch.randn(rows, 1, 1, 1)


def adopted(images: Tensor, **settings: Any) -> Whitened:
    net = Whitened(tuple(images.shape[1:]), 4, channels=[8, 8], **settings)
    net.adopt(images)
    return net


def covariance(maps: Tensor) -> Tensor:
    return maps.transpose(0, 1).flatten(1).cov()


@pytest.mark.parametrize("shape", [(3, 32, 32), (1, 8, 8), (4, 5, 9), (3, 2, 2), (2, 2, 7)])
def test_it_takes_images_of_any_size_and_number_of_channels(shape: tuple[int, ...]) -> None:
    net = Whitened(shape, 4, channels=[8, 8, 8])
    assert net(torch.randn(3, *shape)).shape == (3, 4)
    assert list(net.named_parameters())[-1][0] == "head.bias", "the head is registered last"


def test_whitened_patches_have_nothing_in_common_and_come_in_both_signs() -> None:
    images = photographs()
    whitening = Whitening(3)
    assert covariance(images).sub(torch.eye(3)).abs().max() > 1
    whitening.adopt(images)
    one, other = whitening(images).detach().chunk(2, 1)  # (batch, 12, height, width) each
    torch.testing.assert_close(covariance(one), torch.eye(12), rtol=0, atol=0.02)
    torch.testing.assert_close(one.mean((0, 2, 3)), torch.zeros(12), rtol=0, atol=1e-3)
    torch.testing.assert_close(other, -one)


def test_pixels_pass_until_images_are_adopted() -> None:
    images = photographs(2)
    torch.testing.assert_close(Whitening(3)(images)[:, :12:4], images[:, :, :-1, :-1])


def test_a_trace_of_what_never_varied_is_not_blown_up() -> None:
    grey = photographs()[:, :1].expand(-1, 3, -1, -1)
    whitening = Whitening(3)
    whitening.adopt(grey)
    changed = whitening(grey + 0.01 * torch.randn(grey.shape)) - whitening(grey)
    assert changed.abs().max() < 5


def test_a_mirror_image_scores_alike_in_evaluation_where_asked() -> None:
    images = photographs(6)
    net = adopted(images, flip_average=True)
    net(images)  # so that norms have seen something
    net.eval()
    assert torch.equal(net(images), net(images.flip(3)))
    alone = adopted(images)
    alone.load_state_dict(net.state_dict())
    alone.eval()
    assert not torch.allclose(alone(images), alone(images.flip(3)))
    torch.testing.assert_close(net(images), (alone(images) + alone(images.flip(3))) / 2)
    assert torch.equal(net.train()(images), alone.train()(images))


def test_blocks_begin_by_passing_channels_on() -> None:
    first, x = make_block(3, 8, (2, 2))[0], torch.randn(2, 3, 6, 6)
    torch.testing.assert_close(first(x)[:, :3], x)
    assert not torch.allclose(first(x)[:, 3:6], x)


def test_a_bias_moves_faster_than_a_kernel_would() -> None:
    norm, x = BiasNorm(2), torch.randn(5, 2, 3, 3)
    before = norm(x)
    before.sum().backward()
    torch.optim.SGD(norm.parameters(), lr=0.01).step()
    torch.testing.assert_close(norm(x), before - 0.01 * HASTE**2 * 5 * 3 * 3)


def test_the_first_rows_of_the_training_split_are_measured_and_training_moves_nothing(fitted: Fitted) -> None:
    data, module, _ = fitted(*SMALL, "optimizer=sgd", "regularizer=[weight_decay,l2]", "optimizer.lr=0.5")
    expected = Whitening(1)
    expected.adopt(module.normalize(data.splits["train"][:][0]))
    assert torch.equal(module.net.whitening.weight, expected.weight)
    assert not torch.equal(module.net.whitening.bias, expected.bias), "the bias learns"
    assert "whitening.weight" not in dict(module.net.named_parameters())


def test_weights_to_start_from_bring_their_first_layer_along(
    fitted: Fitted, composed: Callable[..., DictConfig], tmp_path: Path
) -> None:
    _, learned, _ = fitted(*SMALL)
    words = [*QUIET, *SMALL, "seed=7"]
    start = f"init_from={tmp_path / 'checkpoints' / 'best.ckpt'}"
    started, anew = (build(composed(*words, *more), tmp_path / "other")[1] for more in ([start], []))
    assert torch.equal(started.net.whitening.weight, learned.net.whitening.weight)
    assert torch.equal(started.net.whitening.bias, learned.net.whitening.bias)
    assert not torch.equal(anew.net.whitening.weight, learned.net.whitening.weight)


@pytest.mark.parametrize("shape", [(5,), (7, 3), (3, 1, 8)])
def test_what_has_no_patches_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(UnsuitableError, match="needs images of 2×2 pixels or more"):
        Whitened(shape, 2, channels=[8])


def test_tables_and_sequences_are_refused_by_the_words(mistakes: Callable[..., str]) -> None:
    for data in ("wine", "adding_problem"):
        assert mistakes("model=whitened", f"data={data}").startswith("model=whitened needs images; data=")


def write_images(folder: Path) -> list[str]:
    """Bytes in which a class is a colour, on one half or the other."""
    chance = np.random.default_rng(0)
    labels = np.arange(240) % 3
    images = chance.integers(0, 120, (240, 3, 8, 8))
    images[np.arange(240), labels, :, :4] += 100
    np.save(folder / "x.npy", images.astype(np.uint8))
    np.save(folder / "y.npy", labels)
    return ["data=npy", f"data.path={folder}/x.npy", f"data.target_path={folder}/y.npy"]


def test_the_fast_recipe_learns_small_images_from_the_command_line(train: Train, tmp_path: Path) -> None:
    words = [*write_images(tmp_path), "data.batch_size=32", "model.channels=[8,16]"]
    done = train("experiment=cifar10_fast", *words, "optimizer.lr=0.1", "data.val_fraction=0.2")
    assert done.returncode == 0, done.stderr
    (run,) = runs(tmp_path)
    assert json.loads((run / "metrics.json").read_text())["test/accuracy"] > 0.9


@pytest.mark.skipif(sys.platform == "win32", reason="Windows copies no process")
def test_a_killed_run_comes_to_the_same_bits(tmp_path: Path) -> None:
    words = [*SMALL, "trainer=cpu", "trainer.max_epochs=2", "save_interval=0", "resume=auto", "callback=[]"]
    whole, killed = ([*words, f"hydra.run.dir={tmp_path / name}"] for name in ("whole", "killed"))
    assert run_copy(tmp_path, *whole).returncode == 0
    ended = run_copy(tmp_path, *killed, before=signals(STEP, 10, signal.SIGKILL))
    assert ended.returncode == -signal.SIGKILL
    assert run_copy(tmp_path, *killed).returncode == 0
    assert list(differences(tmp_path / "killed", tmp_path / "whole")) == []
