"""From a composed configuration to live objects, in the order the facts flow."""

import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
from hydra.utils import instantiate
from omegaconf import DictConfig

from kindling.check.words import choices, named, own, plain, told_of
from kindling.data.base import DataModule
from kindling.data.spec import DataSpec
from kindling.error import ConfigError
from kindling.module import LitModule
from kindling.optimizer.group import LayerRates
from kindling.quick import quick
from kindling.run.code import digest_code
from kindling.run.keep import Keep
from kindling.run.prune import Prune
from kindling.run.record import Record
from kindling.run.stop import Stop
from kindling.run.store import Store
from kindling.sweep.job import SWEEP
from kindling.trainer.speed import speed_up
from kindling.transfer import freezing, start_from


def build(
    cfg: DictConfig, folder: Path, stop: Stop | None = None, trial: int | None = None
) -> tuple[DataModule, LitModule, pl.Trainer]:
    """Build the data, the module that is to learn it, and the trainer that records into `folder`."""
    cfg = own(cfg)
    warnings.filterwarnings("ignore", "The `srun` command is available")  # no advice to act on
    with told_of("seed"):
        pl.seed_everything(cfg.seed, workers=True, verbose=False)

    # The data states its facts: the shape of a sample and what there is to predict.
    data = make(cfg, "data")
    with told_of("data"):
        data.setup()

    # The task turns them into a loss, the network fits in between, and what it learned before comes in.
    module = build_module(cfg, data.spec, data.seed)
    if cfg.init_from:
        start_from(cfg.init_from, module.net, data.spec)
    module.adopt(data.statistics)
    adopt = getattr(module.net, "adopt", None)  # of a network that begins by looking at some rows
    if adopt and not cfg.init_from:
        adopt(module.normalize(data.splits["train"].beginning()))
    precision = speed_up(module.net, data, cfg)

    # The trainer keeps the record and the checkpoints that results and resuming need, whatever is chosen.
    facts = {"config": plain(cfg), "precision": precision}
    facts |= {"spec": asdict(data.spec), "reading": data.reading(), "code": digest_code(module.net)}
    words = {group: word for group, word in choices().items() if group not in SWEEP}
    record = Record(folder, cfg.monitor, module.task.main_metric, {"word": words, **plain(cfg)})
    callbacks = [
        *filter(None, make(cfg, "callback").values()),
        *freezing(cfg.freeze, starts=bool(cfg.init_from), rates=module.rates),
        *([] if trial is None else [Prune(folder.parent, trial, record)]),
        record,
        Keep(folder, cfg.monitor, cfg.save_interval, facts, stop or Stop()),
    ]
    chosen: Any = cfg.get("logger") or {}
    loggers = [make(chosen, name, save_dir=str(folder)) for name in chosen if chosen[name]]
    if precision:
        cfg.trainer.precision = precision
    trainer = make(
        cfg, "trainer", callbacks=callbacks, logger=loggers, plugins=[Store()], default_root_dir=str(folder)
    )
    return data, module, quick(trainer)


def build_module(cfg: DictConfig, spec: DataSpec, seed: int) -> LitModule:
    """The task and the network that suit such data, and the module that ties them to the optimizer."""
    task = make(cfg, "task", spec=spec)
    task.require_direction(cfg.monitor.metric, cfg.monitor.mode)
    module: LitModule = make(
        cfg,
        "module",
        net=make(cfg, "model", input_shape=spec.input_shape, num_outputs=task.num_outputs),
        task=task,
        input_shape=spec.input_shape,
        optimizer=make(cfg, "optimizer"),
        schedule=make(cfg, "scheduler"),
        penalties=make(cfg, "penalties"),
        augmentation=make(cfg, "augmentation", spec=spec, seed=seed),
        mixers=[make(cfg.mixers, name, spec=spec) for name in cfg.mixers or ()],
        rates=LayerRates(cfg.body_learning_rate, cfg.layer_decay, apart=cfg.freeze == "gradual"),
        seed=seed,
    )
    return module


def make(cfg: DictConfig, group: str, **facts: Any) -> Any:
    """Turn a group into plain objects; with `facts` the partial that it describes is called with them."""
    with told_of(group):
        made = instantiate(cfg.get(group) or {}, _convert_="all")
        if isinstance(made, dict) and (facts or group in ("data", "optimizer")):
            raise ConfigError(f"{named(group)}: expected a _target_ to build, got {made}")
        return made(**facts) if facts else made
