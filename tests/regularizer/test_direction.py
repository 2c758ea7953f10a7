"""A sweep over regularizers, through the command line: each changes the results as it promises."""

import csv
from pathlib import Path

import pytest
import torch

from tests.conftest import Train

WORDS = ["[]", "[dropout]", "[l1]", "[l2]", "[elastic_net]", "[mixup]"]


def kernels(run: Path) -> torch.Tensor:
    """The network's kernels after the last epoch, one behind the other."""
    kept = torch.load(run / "checkpoints" / "last.ckpt", weights_only=True)["state_dict"]
    return torch.cat([w.flatten() for name, w in kept.items() if name.startswith("net.") and w.ndim > 1])


def last_loss(run: Path) -> float:
    """The validation loss of the last epoch."""
    with (run / "metrics.csv").open(newline="") as file:
        return float(list(csv.DictReader(file))[-1]["val/loss"])


@pytest.mark.full
def test_regularizers_differ_in_the_direction_that_each_promises(train: Train, tmp_path: Path) -> None:
    sweep = f"regularizer={','.join(WORDS)}"
    result = train("-m", sweep, "data=diabetes", "callback=[]", "trainer.max_epochs=50", "trainer=cpu")
    assert result.returncode == 0, result.stderr
    (folder,) = tmp_path.glob("outputs/*/*")
    jobs = {word: folder / str(number) for number, word in enumerate(WORDS)}
    small = {word: float((kernels(run).abs() < 1e-3).float().mean()) for word, run in jobs.items()}
    norm = {word: float(kernels(run).norm()) for word, run in jobs.items()}
    loss = {word: last_loss(run) for word, run in jobs.items()}
    assert min(small["[l1]"], small["[elastic_net]"]) > 10 * small["[]"]
    assert max(norm["[l1]"], norm["[l2]"], norm["[elastic_net]"]) < 0.8 * norm["[]"]
    assert all(loss[word] < loss["[]"] for word in WORDS[1:])
