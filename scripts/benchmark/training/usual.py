"""What most projects with Lightning do: images changed one by one, and metrics logged at each step."""

import sys
import tempfile
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from network import make
from pytorch_lightning.callbacks import EarlyStopping, ModelCheckpoint
from pytorch_lightning.loggers import CSVLogger, TensorBoardLogger
from timed import BATCH, read, told
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader
from torchmetrics.classification import MulticlassAccuracy

sys.path.append(str(Path(__file__).parents[2]))
from benchmark.per_sample import PerSample


class Usual(pl.LightningModule):
    """A network with its loss, its metrics and its optimizer."""

    def __init__(self, network: str) -> None:
        super().__init__()
        self.net = make(network)
        self.accuracy = torch.nn.ModuleDict({f"{name}_": MulticlassAccuracy(10) for name in STAGES})

    def step(self, stage: str, batch: list[Tensor]) -> Tensor:
        """Loss and accuracy of a batch, logged at once."""
        inputs, targets = batch
        outputs = self.net(inputs)
        loss = cross_entropy(outputs, targets)
        accuracy: Any = self.accuracy[f"{stage}_"]
        accuracy(outputs, targets)
        often = {"on_step": stage == "train", "on_epoch": True, "prog_bar": True}
        self.log(f"{stage}/loss", loss, **often)
        self.log(f"{stage}/accuracy", accuracy, **often)
        return loss

    def training_step(self, batch: list[Tensor], batch_idx: int) -> Tensor:
        """Called by Lightning."""
        return self.step("train", batch)

    def validation_step(self, batch: list[Tensor], batch_idx: int) -> None:
        """As well."""
        self.step("val", batch)

    def test_step(self, batch: list[Tensor], batch_idx: int) -> None:
        """As well."""
        self.step("test", batch)

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """As nobody says more."""
        return torch.optim.Adam(self.parameters(), lr=1e-3)


STAGES = ("train", "val", "test")


def train(folder: Path, network: str, epochs: int) -> float:
    """Accuracy on the test split, with the weights of the best epoch."""
    pl.seed_everything(0, verbose=False)
    arrays = read(folder)
    samples = {
        name: PerSample(split.images, split.labels.tolist(), lambda image, draw: image, "usual")
        for name, split in arrays.items()
    }
    batches = {name: DataLoader(samples[name], BATCH, shuffle=name == "train") for name in STAGES}
    with tempfile.TemporaryDirectory(dir=folder) as root:
        kept = ModelCheckpoint(monitor="val/loss", save_last=True)
        trainer = pl.Trainer(
            accelerator="cpu",
            max_epochs=epochs,
            callbacks=[kept, EarlyStopping("val/loss")],
            logger=[TensorBoardLogger(root), CSVLogger(root)],
            default_root_dir=root,
        )
        trainer.fit(Usual(network), batches["train"], batches["val"])
        [metrics] = trainer.test(dataloaders=batches["test"], ckpt_path="best", verbose=False)
    return metrics["test/accuracy_epoch" if "test/accuracy_epoch" in metrics else "test/accuracy"]


if __name__ == "__main__":
    told(train)
