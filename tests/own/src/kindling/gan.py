"""Generative adversarial networks: an algorithm of two networks and two optimizers (arXiv 1406.2661)."""

from math import prod
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim import Optimizer
from torchmetrics import MeanMetric, MetricCollection

from kindling.data.loader import derive_seed
from kindling.error import ConfigError
from kindling.module import Batch, LitModule
from kindling.optimizer.group import LayerRates, make_optimizer
from kindling.task.base import STAGES
from kindling.task.meter import Meter


def energy_distance(first: Tensor, second: Tensor) -> Tensor:
    """How differently rows are spread; 0 where they are the same (Székely and Rizzo, 2013)."""
    a, b = first.flatten(1), second.flatten(1)  # (batch, numbers)
    return 2 * torch.cdist(a, b).mean() - torch.cdist(a, a).mean() - torch.cdist(b, b).mean()


class GAN(LitModule):
    """The network that is chosen tells real rows from made ones; a generator learns to mislead it.

    Any data will do: of the task only the number of outputs counts. `loss` is that of telling rows
    apart, `distance` lies between made and real rows, normalised. Several processes need
    trainer.strategy=ddp_find_unused_parameters_true.
    """

    def __init__(self, latent: int, hidden: int, input_shape: tuple[int, ...], **parts: Any) -> None:
        super().__init__(input_shape=input_shape, **parts)
        for word, given in {"scheduler": self.schedule, "mixers": self.mixers}.items():
            if given:
                raise ConfigError(f"{word}: expected none with module GAN, got one; leave it out")
        self.automatic_optimization = False
        self.latent = latent
        self.generator = nn.Sequential(
            nn.Linear(latent, hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Linear(hidden, prod(input_shape)),
            nn.Unflatten(1, input_shape),
        )
        self.task.main_metric = "distance"  # curves.png shows it
        for stage in STAGES:
            distance = MetricCollection({"distance": MeanMetric(nan_strategy="disable")})
            self.meters[f"on_{stage}"] = Meter(distance)

    def generate(self, rows: int, *when: int) -> Tensor:
        """Normalised rows (rows, *input_shape), the same ones whenever `when` is."""
        source = torch.Generator(self.device).manual_seed(derive_seed(self.seed, *when))
        made: Tensor = self.generator(torch.randn(rows, self.latent, generator=source, device=self.device))
        return made

    def logit(self, rows: Tensor) -> Tensor:
        """That normalised rows are real; several outputs add up to one (arXiv 1606.03498)."""
        output: Tensor = self.net(rows).float().logsumexp(1)  # (batch)
        return output

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """A step of each network, that of the chosen one with its penalties."""
        when = (self.current_epoch, batch_idx, self.global_rank)
        inputs = self.augmentation(batch[0], *when) if self.augmentation else batch[0]
        real = self.normalize(inputs)
        made = self.generate(len(real), *when)
        optimizers: Any = self.optimizers()

        loss = self._compare("train", real, made.detach())
        self._step(optimizers[0], sum((penalty(self.net) for penalty in self.penalties.values()), loss))
        self._step(optimizers[1], F.softplus(-self.logit(made)).mean())
        return loss.detach()

    def validation_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """Compare as many made rows; each epoch begins with the same noise."""
        real = self.normalize(batch[0])
        return self._compare("val", real, self.generate(len(real), batch_idx))

    def test_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """Compare as many made rows."""
        real = self.normalize(batch[0])
        return self._compare("test", real, self.generate(len(real), batch_idx))

    def configure_optimizers(self) -> Any:
        """The chosen optimizer, once for each network."""
        chosen = make_optimizer(self.optimizer, self.net, self.rates)
        return [chosen, make_optimizer(self.optimizer, self.generator, LayerRates())]

    def _step(self, optimizer: Optimizer, loss: Tensor) -> None:
        optimizer.zero_grad()
        self.manual_backward(loss)
        optimizer.step()

    def _compare(self, stage: str, real: Tensor, made: Tensor) -> Tensor:
        # softplus(-x) is the cross-entropy of the logit x where the truth is 1
        loss = (F.softplus(-self.logit(real)) + F.softplus(self.logit(made))).mean() / 2
        distance = energy_distance(made.float(), real).detach().expand(len(real))
        self._meter(stage).update(loss, distance, torch.ones_like(distance))  # each row counts once
        return loss
