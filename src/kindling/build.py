"""From a composed configuration to live objects, in the order the facts flow."""

from functools import partial
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
from hydra.utils import instantiate
from omegaconf import DictConfig
from pytorch_lightning.callbacks import ModelCheckpoint

from kindling.check.words import choices, named, plain, told_of
from kindling.data.base import DataModule
from kindling.error import ConfigError
from kindling.module import LitModule
from kindling.optimizer.group import LayerRates
from kindling.run.record import Record
from kindling.transfer import freezing, start_from


def build(cfg: DictConfig, folder: Path) -> tuple[DataModule, LitModule, pl.Trainer]:
    """Build the data, the module that is to learn it, and the trainer that records into `folder`."""
    with told_of("seed"):
        pl.seed_everything(cfg.seed, workers=True, verbose=False)

    # The data states its facts: the shape of a sample and what there is to predict.
    data = make(cfg, "data")
    with told_of("data"):
        data.setup()

    # The task turns them into a loss and a number of outputs, and the network fits in between.
    task = make(cfg, "task", spec=data.spec)
    task.require_direction(cfg.monitor.metric, cfg.monitor.mode)
    net = make(cfg, "model", input_shape=data.spec.input_shape, num_outputs=task.num_outputs)
    if cfg.init_from:
        start_from(cfg.init_from, net, data.spec)

    # The module ties them to the optimizer; it normalises by what the training split says.
    rates = LayerRates(cfg.body_learning_rate, cfg.layer_decay, apart=cfg.freeze == "gradual")
    module = make(
        cfg,
        "module",
        net=net,
        task=task,
        input_shape=data.spec.input_shape,
        optimizer=make(cfg, "optimizer"),
        schedule=make(cfg, "scheduler"),
        penalties=make(cfg, "penalties"),
        augmentation=make(cfg, "augmentation", spec=data.spec, seed=data.seed),
        mixers=[make(cfg.mixers, name, spec=data.spec) for name in cfg.mixers or ()],
        rates=rates,
        seed=data.seed,
    )
    module.adopt(data.statistics)

    # The trainer keeps the record and the checkpoints that results and resuming need, whatever is chosen.
    keep = partial(ModelCheckpoint, folder / "checkpoints", save_on_train_epoch_end=True)
    callbacks = [
        *filter(None, make(cfg, "callback").values()),
        *freezing(cfg.freeze, starts=bool(cfg.init_from), rates=rates),
        keep("best", monitor=cfg.monitor.metric, mode=cfg.monitor.mode),
        Record(folder, cfg.monitor, task.main_metric, {"word": choices(), **plain(cfg)}),
        keep("last"),
    ]
    chosen: Any = cfg.get("logger") or {}
    loggers = [make(chosen, name, save_dir=str(folder)) for name in chosen if chosen[name]]
    trainer = make(cfg, "trainer", callbacks=callbacks, logger=loggers, default_root_dir=str(folder))
    return data, module, trainer


def make(cfg: DictConfig, group: str, **facts: Any) -> Any:
    """Turn a group into plain objects; with `facts` the partial that it describes is called with them."""
    with told_of(group):
        made = instantiate(cfg.get(group) or {}, _convert_="all")
        if isinstance(made, dict) and (facts or group in ("data", "optimizer")):
            raise ConfigError(f"{named(group)}: expected a _target_ to build, got {made}")
        return made(**facts) if facts else made
