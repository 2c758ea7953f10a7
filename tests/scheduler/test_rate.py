"""Every schedule, found by glob: the rate of each step of a run against its closed form, resumed runs too."""

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from math import cos, pi
from pathlib import Path
from typing import Any

import pytest
import pytorch_lightning as pl
from omegaconf import DictConfig, OmegaConf

from kindling.build import build
from kindling.error import StoppedError
from tests.conftest import CONF, QUIET

Compose = Callable[..., DictConfig]
Taken = Callable[..., list[list[float]]]
OPTIONS = sorted(path.stem for path in (CONF / "scheduler").glob("*.yaml"))
every = pytest.mark.parametrize("option", OPTIONS)
NEVER_BETTER = ["+scheduler.scheduler.threshold=1e9", "scheduler.scheduler.patience=1"]
WORDS = {  # so that a few epochs show what the schedule does
    "plateau": [*NEVER_BETTER, "scheduler.scheduler.min_lr=3e-4"],
    "step": ["scheduler.scheduler.step_size=2"],
    "cosine": ["scheduler.scheduler.eta_min=1e-4"],
    "cosine_restarts": ["scheduler.scheduler.cycles=2", "scheduler.scheduler.floor=0.1"],
    "warmup_cosine": ["scheduler.scheduler.warmup_fraction=0.25"],
    "polynomial": ["scheduler.scheduler.power=2", "scheduler.scheduler.floor=0.1"],
}
RATE = 1e-3
SITUATIONS: dict[str, tuple[dict[str, int], int, int, int]] = {  # epochs, steps in each and in all
    "as it is": ({"max_epochs": 4}, 4, 5, 20),
    "two batches a step": ({"max_epochs": 4, "accumulate_grad_batches": 2}, 4, 3, 12),
    "three batches a step": ({"max_epochs": 5, "accumulate_grad_batches": 3}, 5, 2, 10),
    "a limit of steps": ({"max_epochs": 9, "max_steps": 13}, 3, 5, 13),
}


def falling(done: float) -> float:
    return (1 + cos(pi * done)) / 2


def one_cycle(step: int, total: int) -> float:
    """From 1/25 of the rate up along a cosine for 0.3 of the steps, then down to 1e-4 of the start."""
    top, start = 0.3 * total - 1, 1 / 25
    if step <= top:
        return 1 + (start - 1) * falling(step / top)
    return start / 1e4 + (1 - start / 1e4) * falling((step - top) / (total - 1 - top))


def warm_cosine(step: int, total: int, fraction: float = 0.25) -> float:
    warm = round(total * fraction)
    return (step + 1) / (warm + 1) if step < warm else falling((step - warm) / (total - warm))


# each takes the step or epoch, and how many there are; the share of the rate comes back
BY_EPOCH: dict[str, Callable[[int, int], float]] = {
    "none": lambda epoch, epochs: 1.0,
    "plateau": lambda epoch, epochs: max(0.5 ** (epoch // 2), 0.3),
    "step": lambda epoch, epochs: 0.5 ** (epoch // 2),
    "exponential": lambda epoch, epochs: 0.95**epoch,
    "multistep": lambda epoch, epochs: (
        0.1 ** ((epoch >= round(epochs / 2)) + (epoch >= round(epochs * 3 / 4)))
    ),
    "cosine": lambda epoch, epochs: 0.1 + 0.9 * falling(epoch / epochs),
}
BY_STEP: dict[str, Callable[[int, int], float]] = {
    "onecycle": one_cycle,
    "warmup_cosine": warm_cosine,
    "cosine_restarts": lambda step, steps: 0.1 + 0.9 * falling(2 * step / steps % 1),
    "polynomial": lambda step, steps: 0.1 + 0.9 * (1 - step / steps) ** 2,
}


class Rates(pl.Callback):
    """Notes the rates of all parameter groups at each step; can stop after an epoch, as by a signal."""

    def __init__(self, last: int | None = None) -> None:
        self.last = last
        self.found: list[list[float]] = []

    def on_before_optimizer_step(self, trainer: pl.Trainer, pl_module: Any, optimizer: Any) -> None:
        self.found.append([group["lr"] for group in optimizer.param_groups])

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        if trainer.current_epoch == self.last:
            keep: Any = trainer.checkpoint_callbacks[-1]
            keep.stop.asked = StoppedError(15, "SIGTERM")


@pytest.fixture
def taken(composed: Compose, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Taken:
    """The rates of a run of five batches an epoch: `last` stops it early, `checkpoint` resumes one."""
    monkeypatch.setattr("kindling.run.record.draw_curves", lambda *_: None)
    folders = (tmp_path / str(run) for run in count())
    short = [*QUIET, "data=wine", "data.batch_size=8", f"optimizer.lr={RATE}"]

    def run(
        *words: str, last: int | None = None, checkpoint: Path | None = None, **trainer_settings: int
    ) -> list[list[float]]:
        cfg = composed(*short, *words)
        OmegaConf.set_struct(cfg, False)
        cfg.trainer.update(limit_train_batches=5, **trainer_settings)  # words for each would take seconds
        rates = Rates(last)
        data, module, trainer = build(cfg, next(folders))
        trainer.callbacks.insert(0, rates)
        with suppress(StoppedError):
            trainer.fit(module, data, ckpt_path=checkpoint)
        return rates.found

    return run


def chosen(option: str) -> list[str]:
    return [f"scheduler={option}", *WORDS.get(option, [])]


@pytest.mark.parametrize("situation", SITUATIONS)
@every
def test_the_rate_follows_its_closed_form(option: str, situation: str, taken: Taken) -> None:
    assert option in BY_EPOCH or option in BY_STEP, f"tell the closed form of scheduler={option} here"
    trainer_settings, epochs, per_epoch, steps = SITUATIONS[situation]

    found = taken(*chosen(option), **trainer_settings)

    if option in BY_EPOCH:
        shares = [BY_EPOCH[option](step // per_epoch, epochs) for step in range(steps)]
    else:
        shares = [BY_STEP[option](step, steps) for step in range(steps)]
    assert len(found) == steps
    for groups, share in zip(found, shares, strict=True):
        assert groups == pytest.approx([RATE * share] * 2, rel=1e-6)


@pytest.mark.filterwarnings("ignore:The dirpath has changed")
@every
def test_a_resumed_run_takes_the_same_rates_bit_for_bit(option: str, taken: Taken, tmp_path: Path) -> None:
    settings = {"max_epochs": 4, "accumulate_grad_batches": 2}
    whole = taken(*chosen(option), **settings)
    first = taken(*chosen(option), **settings, last=1)
    second = taken(*chosen(option), **settings, checkpoint=tmp_path / "1" / "checkpoints" / "last.ckpt")
    assert len(first) == len(second) == 6
    assert first + second == whole


def test_a_fixed_length_is_kept_and_the_cosine_stays_at_its_end(taken: Taken) -> None:
    words = ["scheduler=cosine", "scheduler.interval=step", "scheduler.scheduler.T_max=4"]
    found = [groups[0] for groups in taken(*words, max_epochs=2)]
    assert found == pytest.approx([RATE * falling(step / 4) for step in range(4)] + [0.0] * 6)


def test_a_cosine_by_steps_is_as_long_as_the_run(taken: Taken) -> None:
    found = taken("scheduler=cosine", "scheduler.interval=step", max_epochs=3)
    assert [groups[0] for groups in found] == pytest.approx([RATE * falling(step / 15) for step in range(15)])


@every
def test_each_layer_keeps_its_share_of_the_rate(option: str, taken: Taken) -> None:
    first, *others = taken(f"scheduler={option}", "layer_decay=0.5", max_epochs=4)
    assert len(set(first)) >= 3, "the network has three layers"
    for groups in others:
        assert [rate / max(groups) for rate in groups] == pytest.approx([rate / max(first) for rate in first])


@pytest.mark.parametrize("optimizer", ["muon", "lbfgs", "schedule_free"])
def test_the_schedule_holds_whatever_an_optimizer_is_made_of(optimizer: str, taken: Taken) -> None:
    words = ["scheduler=warmup_cosine", f"optimizer={optimizer}"]
    found = taken(*words, max_epochs=3)
    found = [groups for groups, before in zip(found, [[], *found], strict=False) if groups != before]
    assert all(len(set(groups)) == 1 for groups in found)  # lbfgs notes each of its passes
    assert [groups[0] for groups in found] == pytest.approx(
        [RATE * warm_cosine(step, 15, 0.1) for step in range(15)]
    )
