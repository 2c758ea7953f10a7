"""The average follows its recurrence."""

import re

import pytest
import torch

from kindling.error import ConfigError
from tests.regularizer.conftest import Traced


@pytest.mark.parametrize("accumulated", [1, 2])
def test_it_follows_its_recurrence_over_all_steps(accumulated: int, traced: Traced) -> None:
    words = ["model.norm=batch", f"+trainer.accumulate_grad_batches={accumulated}"]
    module, trainer, steps = traced(*words, "regularizer=[ema]", "callback.ema.decay=0.8")
    assert len(steps) == 10 // accumulated
    kept = torch.load(f"{trainer.checkpoint_callbacks[-1].last}", weights_only=True)["state_dict"]
    for name, weight in module.net.state_dict().items():
        if weight.is_floating_point():  # batch norm's running statistics among them
            expected = steps[0][name]
            for step in steps[1:]:
                expected = 0.8 * expected + 0.2 * step[name]
            torch.testing.assert_close(weight, expected)
            torch.testing.assert_close(kept[f"net.{name}"], expected)


@pytest.mark.parametrize("both", ["regularizer=[ema,weight_averaging]", "regularizer=[weight_averaging,ema]"])
def test_a_second_average_is_refused(both: str, traced: Traced) -> None:
    with pytest.raises(ConfigError, match="regularizer: expected one average of the weights, got"):
        traced(both)


@pytest.mark.parametrize("word", ["regularizer=[ema]", "regularizer=[weight_averaging]"])
def test_an_optimizer_that_averages_is_refused(word: str, traced: Traced) -> None:
    pytest.importorskip("schedulefree")
    with pytest.raises(ConfigError, match=rf"{re.escape(word)}: .* got schedule_free; choose another"):
        traced("optimizer=schedule_free", word)
