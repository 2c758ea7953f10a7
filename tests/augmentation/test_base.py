"""A change follows its key alone, leaves targets and validation alone, and tells a wrong setting."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from kindling.augmentation.affine import Affine
from kindling.augmentation.base import Augmentation
from kindling.augmentation.crop_flip import CropFlip
from kindling.augmentation.cutout import Cutout
from kindling.augmentation.kornia import Kornia
from kindling.augmentation.noise import Noise
from kindling.data.spec import DataSpec
from kindling.error import UnsuitableError

IMAGES = DataSpec((3, 12, 16), "class", 2)
ALL: dict[str, Callable[..., Augmentation]] = {
    "affine": Affine,
    "crop_flip": CropFlip,
    "cutout": Cutout,
    "noise": Noise,
    "kornia": lambda spec, **settings: Kornia(spec, {"RandomErasing": {"p": 0.9}}, **settings),
}
each = pytest.mark.parametrize("name", ALL)


def photographs(rows: int = 8) -> Tensor:
    return torch.randint(1, 256, (1, *IMAGES.input_shape), dtype=torch.uint8).expand(rows, -1, -1, -1)


@each
def test_the_change_is_the_same_for_the_same_seed_epoch_batch_and_rank_alone(name: str) -> None:
    x = photographs()
    before = x.clone()
    augmentation = ALL[name](IMAGES, seed=3)
    first = augmentation(x, 1, 2, 0)

    torch.rand(5)  # other parts may draw in between
    assert torch.equal(first, ALL[name](IMAGES, seed=3)(x, 1, 2, 0))
    for when in ((0, 2, 0), (1, 3, 0), (1, 2, 1)):
        assert not torch.equal(first, augmentation(x, *when))
    assert not torch.equal(first, ALL[name](IMAGES, seed=4)(x, 1, 2, 0))
    assert torch.equal(x, before), "the rows of the set must not be written over"


@each
def test_equal_samples_of_one_batch_are_changed_each_in_its_own_way(name: str) -> None:
    changed = ALL[name](IMAGES)(photographs(16), 0, 0, 0)
    assert changed.shape == (16, *IMAGES.input_shape)
    assert len(changed.unique(dim=0)) > 8


@each
@pytest.mark.parametrize("kind", [torch.uint8, torch.int64, torch.float16, torch.float64])
def test_every_number_type_is_taken(name: str, kind: torch.dtype) -> None:
    changed = ALL[name](IMAGES)(photographs().to(kind), 0, 0, 0)
    assert changed.dtype == (kind if name in ("crop_flip", "cutout") else torch.float32)
    assert changed.float().isfinite().all()


@each
def test_the_precision_of_the_network_does_not_change_it(name: str) -> None:
    x = photographs()
    augmentation = ALL[name](IMAGES)
    whole = augmentation(x, 0, 0, 0)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(whole, augmentation(x, 0, 0, 0))


@pytest.mark.parametrize("name", [name for name in ALL if name != "kornia"])
@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float64])
def test_torchs_default_precision_does_not_change_it(name: str, kind: torch.dtype) -> None:
    x = photographs()
    augmentation = ALL[name](IMAGES)
    whole = augmentation(x, 0, 0, 0)
    torch.set_default_dtype(kind)  # as Lightning does for trainer.precision=bf16-true or 64-true
    try:
        assert torch.equal(whole, augmentation(x, 0, 0, 0))
    finally:
        torch.set_default_dtype(torch.float32)


@each
def test_global_random_state_and_the_checkpoint_stay_as_they_are(name: str) -> None:
    x = photographs()
    before = torch.get_rng_state()
    augmentation = ALL[name](IMAGES)
    augmentation(x, 0, 0, 0)
    assert torch.equal(before, torch.get_rng_state())
    assert not augmentation.state_dict()


@pytest.mark.parametrize("name", [name for name in ALL if name != "noise"])
def test_rows_of_a_table_are_refused_where_images_are_needed(name: str) -> None:
    with pytest.raises(UnsuitableError, match="needs images; the data has rows of 4 numbers"):
        ALL[name](DataSpec((4,), "class", 2))


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("affine", "rotation=-1"),
        ("affine", "shift=1.5"),
        ("affine", "zoom=nan"),
        ("affine", "flip=often"),
        ("affine", "fill=zeroes"),
        ("crop_flip", "shift=0.6"),
        ("crop_flip", "flip=2"),
        ("crop_flip", "fill=black"),
        ("cutout", "size=1.1"),
        ("cutout", "probability=-0.1"),
        ("noise", "strength=inf"),
        ("kornia", "largest=0"),
    ],
)
def test_a_setting_out_of_range_is_told(name: str, word: str, mistakes: Callable[..., str]) -> None:
    told = mistakes(f"augmentation={name}", f"augmentation.{word}").splitlines()[-1]
    assert told.startswith(f"augmentation.{word.partition('=')[0]}: expected ")


def test_a_subclass_without_a_change_is_a_bug_and_none_leaves_the_batch_alone() -> None:
    class Empty(Augmentation):
        pass

    x = photographs()
    assert Augmentation(IMAGES)(x, 0, 0, 0) is x
    with pytest.raises(TypeError, match="Empty must define augment"):
        Empty(IMAGES)(x, 0, 0, 0)


def test_training_batches_are_changed_and_validation_batches_are_not(
    fitted: Callable[..., tuple[Any, Any, Any]],
) -> None:
    strong = ["augmentation=noise", "augmentation.strength=1e6"]
    data, module, trainer = fitted("data=wine", "model=mlp", *strong, "trainer.limit_val_batches=1.0")
    inputs, targets = data.splits["val"][:]
    module.eval()
    plain = module.task.loss(module(inputs), targets)
    torch.testing.assert_close(trainer.callback_metrics["val/loss"], plain)
    assert module.training_step((inputs, targets), 0) > 1000 * plain
