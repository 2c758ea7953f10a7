"""Every network takes a step on every task with every optimizer, and each of these with every schedule."""

from collections.abc import Callable
from copy import deepcopy
from itertools import cycle, product
from pathlib import Path
from typing import Any

import pytest
import torch
from hydra.utils import get_class
from omegaconf import DictConfig, OmegaConf

from kindling.build import build
from kindling.data.base import DataModule
from kindling.data.loader import Split
from kindling.data.spec import DataSpec
from tests.conftest import CONF, QUIET


class Toy(DataModule):
    """Small random images with as many classes as told, or with two numbers to predict."""

    def __init__(self, classes: int, **shared: Any) -> None:
        super().__init__(**shared)
        self.spec = DataSpec((1, 4, 4), "class" if classes else "real", classes or 2)

    def load(self) -> Split:
        classes = self.spec.num_targets
        targets = torch.arange(60) % classes if self.spec.target == "class" else torch.randn(60, 2)
        return Split(torch.randn(60, *self.spec.input_shape), targets)


def options(group: str) -> list[str]:
    return sorted(path.stem for path in (CONF / group).glob("*.yaml") if path.stem != "auto")


@pytest.fixture(scope="module")
def base(composed: Callable[..., DictConfig]) -> DictConfig:
    cfg = composed(*QUIET)
    OmegaConf.set_struct(cfg, False)
    return cfg


def commands() -> set[tuple[str, ...]]:
    """All triples without the schedule, and all pairs with it."""
    models, tasks, optimizers, schedulers = map(options, ("model", "task", "optimizer", "scheduler"))
    schedules, others = cycle(schedulers), cycle(product(models, tasks))
    triples = {(*words, next(schedules)) for words in product(models, tasks, optimizers)}
    pairs = {(*next(others), *words) for words in product(optimizers, schedulers)}
    pairs |= {(model, tasks[0], optimizers[0], scheduler) for model, scheduler in product(models, schedulers)}
    return triples | pairs


@pytest.mark.parametrize("words", sorted(commands()), ids="-".join)
def test_a_step_moves_the_weights(
    words: tuple[str, ...], base: DictConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kindling.run.record.draw_curves", lambda *_: None)  # the dearest part of such a run
    cfg = deepcopy(base)
    for group, option in zip(("model", "task", "optimizer", "scheduler"), words, strict=True):
        cfg[group] = OmegaConf.load(CONF / group / f"{option}.yaml")
    is_real = get_class(cfg.task._target_).kind == "real"
    classes = 0 if is_real else 2 if words[1] == "binary" else 3
    cfg.data = {"_target_": "tests.test_pairs.Toy", "classes": classes}
    data, module, trainer = build(cfg, tmp_path)
    before = deepcopy(dict(module.net.named_parameters()))

    trainer.fit(module, data)

    after = dict(module.net.named_parameters())
    assert trainer.global_step == 1
    assert all(torch.isfinite(weight).all() for weight in after.values())
    assert any(not torch.equal(before[name], after[name]) for name in after)
