"""The mean is that of the stated steps; until then there are the weights as they are."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from kindling.error import ConfigError
from kindling.run.record import Record
from tests.regularizer.conftest import Traced

AVERAGE = "regularizer=[weight_averaging]"


def start(share: float) -> str:
    return f"callback.weight_averaging.start={share}"


def validated(trainer: Any) -> list[float]:
    (record,) = (callback for callback in trainer.callbacks if isinstance(callback, Record))
    return [row["val/loss"] for row in record.rows]


@pytest.mark.parametrize(("share", "first"), [(0.0, 0), (0.6, 12), (0.95, 19)])
def test_it_is_the_plain_mean_from_its_start(share: float, first: int, traced: Traced) -> None:
    module, trainer, steps = traced("model.norm=batch", "trainer.max_epochs=2", AVERAGE, start(share))
    assert len(steps) == 20
    kept = torch.load(trainer.checkpoint_callbacks[-1].last, weights_only=True)["state_dict"]
    for name, weight in module.net.state_dict().items():
        if weight.is_floating_point():  # batch norm's running statistics among them
            expected = torch.stack([step[name] for step in steps[first:]]).mean(0)
            torch.testing.assert_close(weight, expected)
            torch.testing.assert_close(kept[f"net.{name}"], expected)


def test_it_counts_steps_of_the_optimizer(traced: Traced) -> None:
    module, _, steps = traced("+trainer.accumulate_grad_batches=2", AVERAGE, start(0.5))
    assert len(steps) == 5
    expected = torch.stack([step["1.0.weight"] for step in steps[2:]]).mean(0)
    torch.testing.assert_close(module.net.state_dict()["1.0.weight"], expected)


def test_before_its_start_the_weights_as_they_are_get_validated(traced: Traced) -> None:
    _, without, _ = traced("model.norm=batch", "trainer.max_epochs=4")
    _, trainer, _ = traced("model.norm=batch", "trainer.max_epochs=4", AVERAGE, start(0.75))
    assert validated(trainer)[:3] == validated(without)[:3]
    assert validated(trainer)[3] != validated(without)[3]


def test_what_is_kept_is_what_was_validated_and_is_finite(traced: Traced) -> None:
    module, trainer, _ = traced("model.norm=batch", "trainer.max_epochs=4", AVERAGE, start(0.5))
    assert all(torch.isfinite(weight).all() for weight in module.net.state_dict().values())
    last = validated(trainer)[-1]
    module.restore(trainer.checkpoint_callbacks[-1].last)
    (again,) = trainer.validate(module, trainer.datamodule, verbose=False)
    assert again["val/loss"] == pytest.approx(last, rel=1e-5)


@pytest.mark.filterwarnings("ignore:The dirpath has changed")
def test_a_resumed_run_ends_with_the_same_mean(traced: Traced) -> None:
    words = ["trainer.max_epochs=2", AVERAGE, start(0.25)]  # the mean begins within the first epoch
    whole, _, _ = traced(*words)
    _, trainer, _ = traced(*words, epochs=1)
    resumed, _, steps = traced(*words, resume=trainer.checkpoint_callbacks[-1].last)
    assert len(steps) == 10
    torch.testing.assert_close(resumed.net.state_dict(), whole.net.state_dict())


def test_a_run_without_an_end_has_no_last_part(traced: Traced) -> None:
    with pytest.raises(ConfigError, match="needs a run with an end"):
        traced(AVERAGE, "trainer.max_epochs=-1")


@pytest.mark.parametrize(("start", "told"), [(0.75, True), (0.0, False)])
def test_a_run_that_stops_before_the_mean_begins_says_so(
    start: float, told: bool, fitted: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["data=wine", "regularizer=[weight_averaging]", f"callback.weight_averaging.start={start}"]
    stops = ["callback=[early_stopping]", "callback.early_stopping.patience=1", "optimizer.lr=0"]
    fitted(*words, *stops, "trainer.max_epochs=20")
    assert ("nothing was averaged: stopped after 2 steps" in capsys.readouterr().out) == told
