#!/usr/bin/env python3
"""What each regularizer does against overfitting, as a table: python scripts/regularizer_table.py --seeds 5.

A network learns `diabetes`, 442 noisy rows, for so long that it overfits. Both losses are those of
the final weights over the whole split, in evaluation mode and without penalties.
"""

import logging
import multiprocessing
import os
import sys
import warnings
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from statistics import mean, stdev
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import installed  # noqa: F401  # or it ends here, and says what to type
from hydra import compose, initialize_config_dir

from kindling.check.command import Parser, exit_code

CONF = Path(__file__).resolve().parents[1] / "conf"
DATA = ["data=diabetes", "callback=[]", "logger=[]", "trainer=cpu"]
VARIANTS = [
    "regularizer=[]",
    "regularizer=[dropout]",
    "regularizer=[l1]",
    "regularizer=[l2]",
    "regularizer=[elastic_net]",
    "regularizer=[weight_decay]",
    "regularizer=[mixup]",
    "regularizer=[max_norm]",
    "regularizer=[gradient_noise]",
    "regularizer=[stochastic_depth]",
    "regularizer=[ema]",
    "regularizer=[weight_averaging]",
    "regularizer=[batch_norm]",
]


class Result(NamedTuple):
    """One training: both losses, and which share of the kernels' weights is below 1e-3."""

    train: float
    val: float
    near_zero: float

    @property
    def gap(self) -> float:
        """How much worse validation is."""
        return self.val - self.train


def train(words: Sequence[str], seed: int) -> Result:
    """Train once, in a process of its own, and measure the final weights."""
    import torch

    from kindling.build import build
    from kindling.optimizer.group import kernels

    torch.set_num_threads(1)
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    with TemporaryDirectory() as folder:
        with initialize_config_dir(str(CONF), version_base="1.3"):
            cfg = compose("config", [*DATA, f"seed={seed}", *words])
        data, module, trainer = build(cfg, Path(folder))
        trainer.fit(module, data)
    module.eval()
    losses: dict[str, Any] = {}
    with torch.no_grad():
        for name in ("train", "val"):
            inputs, targets = data.splits[name][:]
            losses[name] = module.task.loss(module(inputs), targets).item()
        weights = torch.cat([kernel.flatten() for kernel in kernels(module.net)])
    return Result(**losses, near_zero=(weights.abs() < 1e-3).float().mean().item())


def measure(words: Sequence[str], seeds: int, processes: int) -> dict[str, list[Result]]:
    """Train each variant with each seed; tells on standard error how far it is."""
    jobs = [(variant, seed) for variant in VARIANTS for seed in range(seeds)]
    found: dict[str, list[Result]] = {variant: [] for variant in VARIANTS}
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        waiting = [pool.submit(train, [variant, *words], seed) for variant, seed in jobs]
        for number, ((variant, seed), future) in enumerate(zip(jobs, waiting, strict=True), 1):
            found[variant].append(future.result())
            print(f"{number}/{len(jobs)} {variant} seed={seed}", file=sys.stderr, flush=True)
    return found


def table(found: dict[str, list[Result]]) -> str:
    """The results in Markdown: means over the seeds, and the gap's spread."""
    lines = [
        "| words | training loss | validation loss | gap | weights below 0.001 |",
        "|---|---|---|---|---|",
    ]
    for variant, results in found.items():
        gaps = [result.gap for result in results]
        spread = f" ± {stdev(gaps):.3f}" if len(gaps) > 1 else ""
        train_loss, val_loss = (
            mean(result.train for result in results),
            mean(result.val for result in results),
        )
        share = mean(result.near_zero for result in results)
        cells = [f"{train_loss:.3f}", f"{val_loss:.3f}", f"{mean(gaps):.3f}{spread}", f"{share:.1%}"]
        lines.append(f"| `{variant}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def positive(word: str) -> int:
    """A number of 1 or more."""
    number = int(word)
    if number < 1:
        raise ValueError
    return number


def main(words: Sequence[str]) -> None:
    """Measure, and print the table."""
    parser = Parser("scripts/regularizer_table.py", __doc__)
    parser.add_argument("--seeds", metavar="N", type=positive, default=5, help="trainings a row; default 5")
    parser.add_argument("--epochs", metavar="N", type=positive, default=50, help="of each; default 50")
    parser.add_argument(
        "--processes", metavar="N", type=positive, default=min(os.cpu_count() or 1, 8), help="at a time"
    )
    told = parser.parse_args(words)
    print(table(measure([f"trainer.max_epochs={told.epochs}"], told.seeds, told.processes)))


if __name__ == "__main__":
    sys.exit(exit_code(partial(main, sys.argv[1:])))
