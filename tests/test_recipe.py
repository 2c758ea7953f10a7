"""What the well-known introductions teach, each with one command: composed as they say, and trained."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from omegaconf import DictConfig, OmegaConf

from kindling.build import build

SHORT = ["logger=[]", "trainer=cpu", "debug=one_batch"]
SCHEDULE = "scheduler.scheduler"
RECIPES: list[tuple[str, dict[str, Any]]] = [
    (
        "experiment=binary_table",
        {"model.hidden": [64, 32], "model.dropout": 0.3, "optimizer.lr": 1e-3, "trainer.max_epochs": 50},
    ),
    (
        "experiment=regression_table",
        {"model.hidden": [128, 64], "model.dropout": 0.2, "data.batch_size": 32, "trainer.max_epochs": 100},
    ),
    (
        "experiment=complete_model",
        {
            "model.hidden": [256, 128, 64],
            "model.norm": ["batch", "batch", "none"],
            "model.dropout": [0.3, 0.3, 0.2],
        },
    ),
    (
        "model=sequential model.layers=[{Conv2d:[32,3]},ReLU,Flatten,{Linear:128},ReLU]",
        {"model.layers.3.Linear": 128},
    ),
    ("model=lstm model.hidden=128 model.pooling=last", {"model.hidden": 128}),
    ("model=lstm model.hidden=128 model.pooling=mean", {"model.pooling": "mean"}),
    ("model.activation=tanh", {"model.activation": "tanh"}),
    (
        "model.activation={leaky_relu:{negative_slope:0.01}}",
        {"model.activation.leaky_relu.negative_slope": 0.01},
    ),
    ("model.activation={elu:{alpha:1.0}}", {"model.activation.elu.alpha": 1.0}),
    ("optimizer=adam optimizer.eps=1e-7", {"optimizer.lr": 1e-3, "optimizer.betas": [0.9, 0.999]}),
    ("optimizer=sgd optimizer.lr=0.01", {"optimizer.momentum": 0.9, "optimizer.nesterov": True}),
    ("optimizer=rmsprop optimizer.alpha=0.9", {"optimizer.lr": 1e-3, "optimizer.alpha": 0.9}),
    (
        f"scheduler=plateau {SCHEDULE}.min_lr=1e-7",
        {f"{SCHEDULE}.factor": 0.5, f"{SCHEDULE}.patience": 3, "scheduler.monitor": "val/loss"},
    ),
    (f"scheduler=cosine scheduler.interval=step {SCHEDULE}.T_max=1000", {"scheduler.interval": "step"}),
    (
        "callback.early_stopping.patience=5 trainer.max_epochs=100 scheduler=plateau",
        {"callback.early_stopping.monitor": "val/loss", "callback.early_stopping.patience": 5},
    ),
    ("regularizer=[dropout] model.dropout=0.3", {"model.dropout": 0.3}),
    ("regularizer=[batch_norm]", {"model.norm": "batch"}),
    ("regularizer=[l1] penalties.l1.strength=0.01", {"penalties.l1.strength": 0.01}),
    ("regularizer=[l2] penalties.l2.strength=0.01", {"penalties.l2.strength": 0.01}),
    (
        "regularizer=[elastic_net] penalties.elastic_net.l1=0.01 penalties.elastic_net.l2=0.01",
        {"penalties.elastic_net.l1": 0.01, "penalties.elastic_net.l2": 0.01},
    ),
    (
        "augmentation=affine augmentation.shift=0.2 augmentation.zoom=0.2 augmentation.flip=0.5",
        {"augmentation.rotation": 20.0, "augmentation.fill": "nearest"},
    ),
    ("data=breast_cancer task.metrics=[accuracy]", {"task.loss": "cross_entropy"}),
    ("data=diabetes task.metrics=[mae,mse]", {"task.loss": "mse"}),
]


@pytest.mark.parametrize(("command", "settings"), RECIPES, ids=[command for command, _ in RECIPES])
def test_a_recipe_is_one_command(
    command: str, settings: dict[str, Any], composed: Callable[..., DictConfig], tmp_path: Path
) -> None:
    words = command.split()
    cfg = composed(*words)
    for name, expected in settings.items():
        found = OmegaConf.select(cfg, name.replace(".3.", "[3]."))
        assert (OmegaConf.to_container(found) if OmegaConf.is_config(found) else found) == expected, name
    data, module, trainer = build(composed(*SHORT, *words, "trainer.max_epochs=1"), tmp_path)
    trainer.fit(module, data)
    assert trainer.global_step == 1
