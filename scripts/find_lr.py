#!/usr/bin/env python3
"""Find a learning rate for a run: python scripts/find_lr.py --run last.

It trains a few steps while the rate rises, and prints a word for train.py: that where the loss falls
fastest (Smith, arXiv 1506.01186). The run's folder stays as it is; relative paths of its data
belong to the folder that this is called from.

exit codes: 0 found, 2 not for this optimizer or these words, 3 the data, 4 no rate lets the loss fall,
5 the run can't be used, 6 this machine lacks something.
"""

import logging
import sys
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import installed  # noqa: F401  # or it ends here, and says what to type
from omegaconf import DictConfig, OmegaConf

from kindling.check.command import Parser
from kindling.check.launch import guard
from kindling.error import ConfigError, NotFiniteError
from kindling.run.find import find_run, read_config

LOWEST, HIGHEST, STEPS = 1e-6, 10.0, 200
GONE = 4.0  # times the first loss
WIDTH = 6  # steps, of the Gaussian that smooths the losses


def find_lr(cfg: DictConfig, folder: Path) -> str:
    """The rate where the loss falls fastest, as a word; raises ConfigError or NotFiniteError."""
    from torch.optim import LBFGS

    from kindling.build import build, make

    if "lr" not in cfg.optimizer:
        raise ConfigError(f"optimizer: expected one with a setting lr, got {cfg.optimizer.get('_target_')}")
    cfg.scheduler = {}
    data, module, built = build(cfg, folder)
    if isinstance(module.configure_optimizers(), LBFGS):  # its line search finds the length of each step
        raise ConfigError("optimizer: LBFGS searches the length of its steps itself; keep its lr")
    rising = RisingRate()
    cfg.trainer.update(max_epochs=-1, max_steps=STEPS, limit_val_batches=0)
    make(cfg, "trainer", callbacks=[rising.callback()], **like(built)).fit(module, data)
    return f"optimizer.lr={steepest(rising.rates, rising.losses):.2g}"


class RisingRate:
    """Raises the rate from step to step, keeps the losses, and stops where they have gone up."""

    def __init__(self) -> None:
        self.rates: list[float] = []
        self.losses: list[float] = []

    def callback(self) -> Any:
        """It as a callback of Lightning's, which takes seconds to import."""
        from pytorch_lightning.callbacks import LambdaCallback

        return LambdaCallback(on_train_batch_start=self.set_rate, on_train_batch_end=self.keep_loss)

    def set_rate(self, trainer: Any, *_: Any) -> None:
        """Layers with rates of their own keep their share."""
        groups = trainer.optimizers[0].param_groups
        if not self.rates:
            self.shares = [group["lr"] / max(group["lr"] for group in groups) for group in groups]
        self.rates.append(LOWEST * (HIGHEST / LOWEST) ** (len(self.rates) / (STEPS - 1)))
        for group, share in zip(groups, self.shares, strict=True):
            group["lr"] = share * self.rates[-1]

    def keep_loss(self, trainer: Any, module: Any, outputs: Any, *_: Any) -> None:
        """Nothing is learned beyond a loss that is far above the first."""
        self.losses.append(float(outputs["loss"]))
        trainer.should_stop = not self.losses[-1] < GONE * self.losses[0]


def steepest(rates: list[float], losses: list[float]) -> float:
    """The rate where the smoothed loss falls fastest, by the logarithm of the rate."""
    import numpy as np

    known = np.array(losses)[np.isfinite(losses)]
    weights = np.exp(-0.5 * (np.arange(-2 * WIDTH, 2 * WIDTH + 1) / WIDTH) ** 2)
    padded = np.pad(known, 2 * WIDTH, mode="edge")
    smooth = np.convolve(padded, weights / weights.sum(), mode="valid")
    lowest = int(smooth.argmin())
    if smooth[lowest] > 0.95 * smooth[0]:
        raise NotFiniteError("the loss falls at no rate; look at the data, or choose another network")
    return rates[int(np.gradient(smooth[: lowest + 1]).argmin())]


def command(name: str, about: str | None, find: Callable[[DictConfig, Path], str], words: list[str]) -> None:
    """Read the words, rebuild the run in a folder that goes away, and print what is found there."""
    parser = Parser(name, about)
    parser.add_argument(
        "--run", metavar="RUN", default="last", help="a run's folder, a checkpoint, or last, the default"
    )
    run = find_run(parser.parse_args(words).run)
    cfg = OmegaConf.create(read_config(run))
    cfg.callback, cfg.logger = {}, {}
    cfg.trainer.update(strategy="auto", devices=1)
    print(f"run: {run}", file=sys.stderr)
    logging.disable(logging.INFO)
    warnings.filterwarnings("ignore", module="pytorch_lightning|lightning_fabric")
    with redirect_stdout(sys.stderr), TemporaryDirectory() as folder:
        found = find(cfg, Path(folder))
    print(found)


def like(built: Any) -> dict[str, Any]:
    """What a trainer is told that computes as another one does, and leaves nothing behind."""
    kept = {"precision": built.precision, "default_root_dir": built.default_root_dir}
    return {**kept, "logger": False, "enable_checkpointing": False}


if __name__ == "__main__":
    guard(partial(command, "scripts/find_lr.py", __doc__, find_lr, sys.argv[1:]))
