"""The clock stands still while it validates."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from kindling.callback import throughput
from kindling.callback.throughput import Throughput


def test_rows_are_counted_and_validation_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([10.0, 12.0, 50.0, 51.0])  # the epoch begins; validation begins and ends; the epoch ends
    monkeypatch.setattr(throughput, "perf_counter", lambda: next(now))
    logged: dict[str, float] = {}
    state = SimpleNamespace(fn="fit")
    trainer: Any = SimpleNamespace(world_size=2, state=state, sanity_checking=False)
    module: Any = SimpleNamespace(
        device=torch.device("cpu"), log=lambda name, value, **_: logged.update({name: value})
    )
    clock = Throughput()
    clock.on_train_epoch_start(trainer, module)
    for rows in (32, 13):
        clock.on_train_batch_end(trainer, module, None, (torch.zeros(rows, 2), torch.zeros(rows)), 0)
    clock.on_validation_start(trainer, module)
    clock.on_validation_end(trainer, module)
    clock.on_train_epoch_end(trainer, module)
    assert logged == {"train/rows_per_second": 2 * 45 / 3.0}


def test_each_epoch_has_its_own_speed(fitted: Callable[..., tuple[Any, Any, Any]]) -> None:
    *_, trainer = fitted("callback=[throughput]", "data=wine", "debug=limit")
    (clock,) = (callback for callback in trainer.callbacks if isinstance(callback, Throughput))
    assert len(clock.epochs) == 3
    assert trainer.callback_metrics["train/rows_per_second"] == pytest.approx(clock.epochs[-1])
