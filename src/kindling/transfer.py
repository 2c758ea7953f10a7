"""Start from what another run has learned: its weights, and which of them wait for the head."""

from pathlib import Path
from typing import Any, Literal

import pytorch_lightning as pl
from torch import Tensor, nn

from kindling.data.spec import DataSpec
from kindling.error import ConfigError, RunError
from kindling.optimizer.group import LayerRates, layers, parameters
from kindling.run.find import find_checkpoint
from kindling.run.store import read_checkpoint

Freezing = Literal["none", "body", "gradual"]


def start_from(run: str, net: nn.Module, spec: DataSpec) -> None:
    """Take over the weights of a run or checkpoint; a head for other classes stays new.

    Raises RunError where the networks differ in more than the head.
    """
    path = find_checkpoint(run)
    kept = read(path)
    learned = {name[4:]: value for name, value in kept["state_dict"].items() if name.startswith("net.")}
    own = net.state_dict()
    head = head_names(net)
    classes = kept.get("kindling", {}).get("spec", {}).get("class_names", ())
    same_head = tuple(classes) == spec.class_names and all(fits(name, learned, own) for name in head)
    for name in own.keys() | learned.keys():
        if name not in head and not fits(name, learned, own):
            raise RunError(
                f"init_from={run}: {differs(name, learned, own)}; take that run's model and shape of inputs"
            )
    net.load_state_dict({**own, **{n: v for n, v in learned.items() if n not in head or same_head}})


def read(path: Path) -> dict[str, Any]:
    """The parts of a checkpoint, tensors and plain values alone; raises RunError."""
    expected = f"{path}: expected a checkpoint of a run"
    parts = {name: part for name, part in read_checkpoint(path).items() if isinstance(part, dict)}
    weights = parts.get("state_dict", {})
    if not weights or not all(isinstance(value, Tensor) for value in weights.values()):
        raise RunError(f"{expected}, got a file without weights in a state_dict")
    if not all(value.isfinite().all() for value in weights.values()):
        raise RunError(f"{expected} with finite weights, got some that are not; start from another")
    return parts


def head_names(net: nn.Module) -> set[str]:
    """What the last layer's parameters are called."""
    head = {id(p) for p in parameters(layers(net)[-1])}
    return {name for name, p in net.named_parameters() if id(p) in head}


def fits(name: str, learned: dict[str, Tensor], own: dict[str, Tensor]) -> bool:
    """Whether both networks have it, in one shape."""
    return name in learned and name in own and learned[name].shape == own[name].shape


def differs(name: str, learned: dict[str, Tensor], own: dict[str, Tensor]) -> str:
    """In which way they don't."""
    has, got = (list(part[name].shape) if name in part else "none" for part in (own, learned))
    return f"expected {name} of {has}, got {got}"


class Freeze(pl.Callback):
    """Holds the body while the head learns; `gradual` lets go of one more layer each epoch, from the top.

    A frozen layer's norms stay as they were measured (Howard and Ruder, arXiv 1801.06146).
    """

    def __init__(self, gradual: bool) -> None:
        self.gradual = gradual

    def setup(self, trainer: pl.Trainer, pl_module: Any, stage: str) -> None:
        """Freeze the body before the optimizer and the processes look for what is learned."""
        if self.gradual and trainer.world_size > 1:
            raise ConfigError("freeze=gradual: expected one process, got several; choose freeze=body")
        if not self.gradual:
            hold(pl_module.net, learning=1)

    def on_train_start(self, trainer: pl.Trainer, pl_module: Any) -> None:
        """Also where a run goes on amid an epoch, whose start does not come again."""
        self.on_train_epoch_start(trainer, pl_module)

    def on_train_epoch_start(self, trainer: pl.Trainer, pl_module: Any) -> None:
        """Let go of the next layer; in a resumed run of as many as the epoch says."""
        pl_module.net.train()
        for module in hold(pl_module.net, 1 + trainer.current_epoch if self.gradual else 1):
            module.eval()


def hold(net: nn.Module, learning: int) -> list[nn.Module]:
    """Let the uppermost layers learn and no other; returns the modules that are held."""
    held = []
    for height, layer in enumerate(reversed(layers(net))):
        for parameter in parameters(layer):
            parameter.requires_grad_(height < learning)
        held += layer if height >= learning else []
    return held


def freezing(how: Freezing, starts: bool, rates: LayerRates) -> list[pl.Callback]:
    """The callback that a word asks for; raises ConfigError."""
    if how != "none" and not starts:
        raise ConfigError(f"freeze={how}: expected learned weights to hold; add init_from=RUN")
    if how == "body" and (rates.body is not None or rates.decay != 1):
        raise ConfigError("freeze=body: the body learns nothing; remove body_learning_rate and layer_decay")
    return [] if how == "none" else [Freeze(how == "gradual")]
