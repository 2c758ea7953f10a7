"""The rate of each epoch stands among its metrics."""

from collections.abc import Callable
from typing import Any


def test_the_rate_is_a_metric_under_its_full_name(fitted: Callable[..., tuple[Any, Any, Any]]) -> None:
    *_, trainer = fitted("callback=[learning_rate_monitor]", "optimizer.lr=0.125")
    assert trainer.callback_metrics["learning_rate"] == 0.125
