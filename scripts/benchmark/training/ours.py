"""train.py with everything that it does when nothing is said; other words may follow."""

import contextlib
import json
import os
import runpy
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from network import WORDS
from timed import BATCH, TEST, VAL, told

TRAIN = Path(os.environ["TREE"], "train.py")
IMPORTED = (
    *("kindling.check.launch", "kindling.build", "kindling.run.restore", "pytorch_lightning.loggers"),
    *("matplotlib.figure", "matplotlib.backends.backend_agg", "torch.utils.tensorboard", "psutil"),
    *("torchmetrics.classification", "torch.distributed.fsdp"),
)


def train(folder: Path, network: str, epochs: int) -> float:
    """Accuracy on the test split."""
    data = ["data=npy", f"data.path={folder}/x.npy", f"data.target_path={folder}/y.npy"]
    sizes = [f"data.batch_size={BATCH}", f"data.test_fraction={TEST}", f"data.val_fraction={VAL}"]
    words = [*data, *sizes, f"trainer.max_epochs={epochs}", "trainer=cpu"]
    return run(folder, [*WORDS[network], *words, *MORE])


def run(folder: Path, words: list[str]) -> float:
    """Accuracy on the test split; the run is left where nobody looks for it."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        sys.argv = [str(TRAIN), *words, f"hydra.run.dir={place}/run"]
        with contextlib.suppress(SystemExit):  # 0; any other leaves no metrics.json
            runpy.run_path(str(TRAIN), run_name="__main__")
        metrics = json.loads(Path(place, "run", "metrics.json").read_text(encoding="utf-8"))
    return float(metrics["test/accuracy"])


def imported() -> None:
    """What a run imports, which does not count."""
    os.environ.setdefault("COLUMNS", "100")
    for module in IMPORTED:
        import_module(module)


if __name__ == "__main__":
    sys.argv, MORE = sys.argv[:4], sys.argv[4:]
    imported()
    told(train)
