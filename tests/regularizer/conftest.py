"""Trainings that are watched step by step."""

from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import pytorch_lightning as pl
from omegaconf import DictConfig
from torch import Tensor

from kindling.build import build
from kindling.error import StoppedError
from tests.conftest import QUIET

Steps = list[dict[str, Tensor]]
Traced = Callable[..., tuple[Any, Any, Steps]]


class Trace(pl.Callback):
    """Keeps the network's weights and statistics after each step; may stop as by a signal."""

    def __init__(self, epochs: int | None) -> None:
        self.steps: Steps = []
        self.epochs = epochs

    def on_train_batch_end(self, trainer: pl.Trainer, pl_module: Any, *_: Any) -> None:
        if trainer.global_step > len(self.steps):
            self.steps.append(deepcopy(pl_module.net.state_dict()))

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: Any) -> None:
        if trainer.current_epoch + 1 == self.epochs:
            keep: Any = trainer.checkpoint_callbacks[-1]
            keep.stop.asked = StoppedError(15, "SIGTERM")


@pytest.fixture
def traced(composed: Callable[..., DictConfig], tmp_path: Path) -> Traced:
    """Module and trainer after ten steps on wine unless told, and what the weights were after each."""

    folders = (tmp_path / str(number) for number in count())

    def fit(*words: str, epochs: int | None = None, resume: Path | None = None) -> tuple[Any, Any, Steps]:
        short = ["data=wine", "optimizer=sgd", "debug=limit", "data.batch_size=10", "trainer.max_epochs=1"]
        data, module, trainer = build(composed(*QUIET, *short, *words), next(folders))
        trace = Trace(epochs)
        trainer.callbacks.insert(0, trace)
        with suppress(StoppedError):
            trainer.fit(module, data, ckpt_path=resume)
        return module, trainer, trace.steps

    return fit
