"""The same seed gives the same bits, however the data come."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

from kindling.run.exact import be_exact

Fitted = Callable[..., Any]
WORDS = ["data=digits", "model=cnn", "model.channels=[4]", "model.dropout=0.3", "augmentation=affine",
         "trainer.max_epochs=2", "trainer.limit_train_batches=6", "trainer.limit_val_batches=3"]  # fmt: skip


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """What is set for a whole process."""
    torch.use_deterministic_algorithms(False)
    yield
    torch.use_deterministic_algorithms(False)


def bits(fitted: Fitted, *words: str) -> tuple[dict[str, Any], dict[str, Any]]:
    _, module, trainer = fitted(*WORDS, *words)
    return dict(module.state_dict()), dict(trainer.callback_metrics)


@pytest.mark.filterwarnings("ignore:This DataLoader will create 4 worker processes")
def test_the_number_of_workers_changes_no_bit(fitted: Fitted) -> None:
    in_memory = bits(fitted, "data.in_memory=true")
    for workers in (1, 2, 4):
        torch.manual_seed(workers)  # what was drawn before is of no account
        found = bits(fitted, "data.in_memory=false", f"data.workers={workers}")
        torch.testing.assert_close(found, in_memory, rtol=0, atol=0)


def test_another_seed_gives_others(fitted: Fitted) -> None:
    (weights, _), (others, _) = bits(fitted), bits(fitted, "seed=1")
    assert not torch.equal(weights["net.head.weight"], others["net.head.weight"])


def test_training_on_the_cpu_adds_up_in_a_fixed_order(fitted: Fitted) -> None:
    fitted("data=wine")
    assert torch.are_deterministic_algorithms_enabled()
    assert torch.is_deterministic_algorithms_warn_only_enabled()
    assert not torch.utils.deterministic.fill_uninitialized_memory


def test_what_is_asked_for_stays_as_it_is(fitted: Fitted) -> None:
    fitted("data=wine", "+trainer.deterministic=true")
    assert torch.are_deterministic_algorithms_enabled()
    assert not torch.is_deterministic_algorithms_warn_only_enabled()


def test_another_device_is_left_alone() -> None:
    be_exact(torch.device("cuda"))
    assert not torch.are_deterministic_algorithms_enabled()
