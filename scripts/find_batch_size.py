#!/usr/bin/env python3
"""Find a batch size for a run: python scripts/find_batch_size.py --run last.

It trains with batches of 16 rows, 32, 64 … and prints a word for train.py: the size beyond which
a second no longer trains a tenth more rows, or memory or the training rows end. The run's folder
stays as it is; relative paths of its data belong to the folder that this is called from.
A larger batch takes fewer steps an epoch: find the rate anew with it.

exit codes: 0 found, 2 wrong words, 3 the data, 5 the run can't be used, 6 this machine lacks something.
"""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import installed  # noqa: F401  # or it ends here, and says what to type
from find_lr import command, like
from omegaconf import DictConfig

from kindling.check.launch import guard
from kindling.error import MachineError

SMALLEST = 16
GAIN = 1.1
ROWS = 4096  # of a measurement, in each of its epochs
EPOCHS = 4  # of which the fastest counts: the first ones warm up
SECONDS = 20.0  # that a size may take
SHARE = 0.4  # of all memory: what holds more, might not fit twice


def find_batch_size(cfg: DictConfig, folder: Path) -> str:
    """The smallest size that is about as fast as any, as a word; raises MachineError."""
    from kindling.build import build, make
    from kindling.callback.throughput import Throughput

    cfg.scheduler = {}
    cfg.trainer.update(max_epochs=EPOCHS, limit_val_batches=0, max_time={"seconds": SECONDS})
    data, module, built = build(cfg, folder)

    def measure(size: int) -> float:
        """Rows a second at this size."""
        data.batch_size = size
        cfg.trainer.limit_train_batches = max(2, ROWS // size)
        speed = Throughput()
        make(cfg, "trainer", callbacks=[speed], **like(built)).fit(module, data)
        return max(speed.epochs)

    size = grow(len(data.splits["train"]), measure)
    return f"data.batch_size={size}"


def grow(rows: int, measure: Callable[[int], float]) -> int:
    """Double the size while that gains; `rows` is the largest that makes a whole batch."""
    best, fastest, size = 0, 0.0, min(SMALLEST, rows)
    while size <= rows:
        speed = within_memory(measure, size)
        print(
            f"batch size {size}: {f'{speed:,.0f} rows a second' if speed else 'no memory'}", file=sys.stderr
        )
        if speed < GAIN * fastest or not speed:
            break
        best, fastest, size = size, speed, 2 * size
        if crowded():
            break
    if not best:
        raise MachineError(f"memory: expected room for a batch of {size} rows; choose a smaller network")
    return best


def within_memory(measure: Callable[[int], float], size: int) -> float:
    """What is measured; nothing where the memory ends."""
    from pytorch_lightning.utilities.memory import garbage_collection_cuda, is_oom_error

    try:
        return measure(size)
    except (RuntimeError, MemoryError) as error:
        if not isinstance(error, MemoryError) and not is_oom_error(error):
            raise
        garbage_collection_cuda()
        return 0.0


def crowded() -> bool:
    """Whether twice as much might not fit: on a CPU that is no error, but the end of the process."""
    import psutil

    return psutil.Process().memory_info().rss > SHARE * psutil.virtual_memory().total


if __name__ == "__main__":
    guard(partial(command, "scripts/find_batch_size.py", __doc__, find_batch_size, sys.argv[1:]))
