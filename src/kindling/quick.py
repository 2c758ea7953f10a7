"""What Lightning does at each of its hooks, done in less time: a small step has some sixty of them."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.profilers import PassThroughProfiler

NOTHING = nullcontext()


class QuickModule(pl.LightningModule):
    """Takes Lightning's note of the hook that runs for the plain attribute that it is.

    torch would look each time whether it is a parameter, a buffer or a module.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "_current_fx_name":
            self.__dict__[name] = value
        else:
            super().__setattr__(name, value)


class NoProfiler(PassThroughProfiler):
    """Measures nothing, and makes no generator for it."""

    def profile(self, action_name: str) -> AbstractContextManager[None]:  # type: ignore[override]
        """Called by Lightning around each hook."""
        return NOTHING


def quick(trainer: pl.Trainer) -> pl.Trainer:
    """The trainer, with nothing around its hooks unless a profiler was asked for."""
    found: Any = trainer
    if type(found.profiler) is PassThroughProfiler:
        found.profiler = NoProfiler()
    return trainer
