"""The module: raw values in, penalties in the loss but not in the log, schedules of the right length."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch

from kindling.regularizer.mixer import mix

Fitted = Callable[..., tuple[Any, Any, Any]]
FIVE_EPOCHS = [
    "debug=limit",
    "data=blobs",
    "model=mlp",
    "trainer.max_epochs=5",
    "callback=[learning_rate_monitor]",
]


def rates_of(trainer: Any) -> list[float]:
    from kindling.run.record import Record

    (record,) = (callback for callback in trainer.callbacks if isinstance(callback, Record))
    return [row["learning_rate"] for row in record.rows]


def test_raw_values_are_normalised_with_the_training_splits_statistics(fitted: Fitted) -> None:
    data, module, _ = fitted("data=wine", "model=mlp")
    x = data.splits["test"][:][0]
    expected = (x - data.statistics.input_shift) / data.statistics.input_scale
    module.eval()
    torch.testing.assert_close(module(x), module.net(expected))


def test_a_penalty_joins_the_training_loss_and_not_what_is_logged(fitted: Fitted) -> None:
    data, module, _ = fitted("data=wine", "model=mlp", "regularizer=[l2]", "penalties.l2.strength=0.5")
    inputs, targets = next(iter(data.train_dataloader()))
    module.train()
    penalty = 0.5 * sum(weight.square().sum() for weight in module.net.parameters() if weight.ndim > 1)
    plain = module.task.loss(module(inputs), targets)
    torch.testing.assert_close(module.training_step((inputs, targets), 0), plain + penalty)
    torch.testing.assert_close(module._meter("train").compute()["loss"], plain)


def test_logged_metrics_are_those_of_the_whole_split(fitted: Fitted) -> None:
    data, module, trainer = fitted(
        "data=wine", "model=mlp", "trainer.limit_val_batches=1.0", "data.batch_size=7"
    )
    inputs, targets = data.splits["val"][:]
    module.eval()
    output = module(inputs)
    logged = trainer.callback_metrics
    torch.testing.assert_close(logged["val/loss"], module.task.loss(output, targets))
    assert logged["val/accuracy"] == pytest.approx((output.argmax(1) == targets).float().mean().item())


def test_cosine_falls_to_zero_over_the_epochs_of_the_run(fitted: Fitted) -> None:
    *_, trainer = fitted(*FIVE_EPOCHS, "scheduler=cosine", "optimizer.lr=1.0")
    assert rates_of(trainer) == pytest.approx([(1 + math.cos(math.pi * epoch / 5)) / 2 for epoch in range(5)])


def test_step_multiplies_the_rate(fitted: Fitted) -> None:
    *_, trainer = fitted(
        *FIVE_EPOCHS, "scheduler=step", "scheduler.scheduler.step_size=2", "optimizer.lr=1.0"
    )
    assert rates_of(trainer) == pytest.approx([1, 1, 0.5, 0.5, 0.25])


def test_onecycle_ends_with_the_last_step_of_the_run(fitted: Fitted) -> None:
    *_, trainer = fitted(*FIVE_EPOCHS, "scheduler=onecycle", "optimizer.lr=0.5")
    schedule = trainer.lr_scheduler_configs[0].scheduler
    assert schedule.total_steps == trainer.global_step == 5 * 10
    assert max(rates_of(trainer)) <= 0.5


def test_plateau_divides_the_rate_when_the_monitored_metric_stalls(fitted: Fitted) -> None:
    words = ["scheduler=plateau", "scheduler.scheduler.patience=0", "scheduler.scheduler.threshold=1e9"]
    *_, trainer = fitted(*FIVE_EPOCHS, *(f"+{word}" if "threshold" in word else word for word in words))
    assert rates_of(trainer) == pytest.approx([1e-3 * 0.5**epoch for epoch in range(5)])


def test_both_parameter_groups_follow_the_schedule(fitted: Fitted) -> None:
    *_, trainer = fitted(*FIVE_EPOCHS, "scheduler=warmup_cosine")
    first, second = trainer.optimizers[0].param_groups
    assert first["lr"] == second["lr"]
    assert second["weight_decay"] == 0


def test_an_augmentation_knows_the_scales_of_the_training_split(fitted: Fitted) -> None:
    data, module, _ = fitted("data=wine", "augmentation=noise")
    torch.testing.assert_close(module.augmentation.scale, data.statistics.input_scale)


def test_a_mixed_batch_is_scored_against_both_targets(fitted: Fitted) -> None:
    data, module, _ = fitted("data=wine", "regularizer=[mixup]", "mixers.mixup.alpha=5.0")
    inputs, targets = next(iter(data.train_dataloader()))
    mixed, blend = mix(module.mixers, inputs, module.seed, module.current_epoch, 0, module.global_rank)
    expected = blend(lambda y: module.task.loss(module(mixed), y), targets)
    assert blend.share < 0.99
    torch.testing.assert_close(module.training_step((inputs, targets), 0), expected)


def test_a_run_told_in_steps_has_a_length_in_epochs(fitted: Fitted) -> None:
    words = [
        "debug=limit",
        "data=blobs",
        "scheduler=cosine",
        "trainer.max_epochs=-1",
        "+trainer.max_steps=25",
    ]
    *_, trainer = fitted(*words)
    assert trainer.num_training_batches == 10
    assert trainer.lr_scheduler_configs[0].scheduler.T_max == 3


def test_an_epoch_without_validation_also_ends_where_the_average_lies(fitted: Fitted) -> None:
    words = ["data=wine", "optimizer=schedule_free", "monitor.metric=train/loss"]
    *_, trainer = fitted(*words, "+trainer.check_val_every_n_epoch=2", "trainer.max_epochs=1")
    kept = torch.load(f"{trainer.checkpoint_callbacks[-1].last}", weights_only=True)
    assert [group["train_mode"] for group in kept["optimizer_states"][0]["param_groups"]] == [False, False]
