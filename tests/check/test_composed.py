"""A job is composed to what Hydra would compose it to, whatever was composed before."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hydra import initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from kindling.check.composed import Composed
from kindling.run.naming import run_folder
from tests.conftest import CONF

TABLE = "data=csv data.path={folder}/table.csv data.target=y"
JOBS = [
    "seed=1",
    "seed=2",
    "optimizer.lr=1e-3 seed=1",
    "optimizer=sgd optimizer.momentum=0.5",
    "optimizer=sgd model=cnn 'regularizer=[dropout,l1]' penalties.l1.strength=1e-5",
    "+trainer.gradient_clip_val=0.5 ~callback.progress",
    "'model.hidden=[8,8]' 'task={loss:focal}' task.metrics=[f1]",
    "experiment=mnist_cnn trainer.max_epochs=1",
    "hydra.job.name=x seed=3",
    "seed=3 'monitor={metric:val/accuracy,mode:max}'",
    "+optimizer@other=adam other.lr=1",
    TABLE,
    f"{TABLE} task=auto seed=1",
    f"{TABLE.replace('target=y', 'target=x')} task=auto",
    "hydra.searchpath=[file://{folder}] experiment=mine",
    "hydra.searchpath=[file://{folder}] experiment=mine data.target=x",
]
MINE = """\
# @package _global_
defaults: [override /data: csv, override /task: auto]
data: {path: %s/table.csv, target: y}
"""


@pytest.fixture
def loader() -> Iterator[Any]:
    OmegaConf.register_new_resolver("run_folder", run_folder, replace=True)
    with initialize_config_dir(str(CONF), version_base="1.3"):
        yield GlobalHydra.instance().config_loader()


@pytest.fixture
def master(loader: Any) -> DictConfig:
    """The configuration of a sweep."""
    words = ["hydra.sweep.dir=sweep", "seed=1,2"]
    found: DictConfig = loader.load_configuration("config", words, run_mode=RunMode.MULTIRUN)
    return found


def test_it_is_what_hydra_composes(loader: Any, master: DictConfig, tmp_path: Path) -> None:
    rows = "".join(f"{n / 7:.3f},{'no' if n % 3 else 'yes'}\n" for n in range(60))
    (tmp_path / "table.csv").write_text(f"x,y\n{rows}")
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "mine.yaml").write_text(MINE % tmp_path)
    compose = Composed(loader, master)
    for job in [*JOBS, *JOBS]:
        words = job.replace("{folder}", str(tmp_path)).replace("'", "").split()
        whole = loader.load_sweep_config(master, words)
        found = compose(words)
        assert OmegaConf.to_container(found) == OmegaConf.to_container(whole), job
        assert [*found] == [*whole]
        assert found is not compose(words), "a job may change its own"


def test_options_that_were_seen_are_not_composed_again(loader: Any, master: DictConfig) -> None:
    compose = Composed(loader, master)
    for seed in range(5):
        compose([f"seed={seed}", "optimizer=sgd"])
    assert compose.base.cache_info().misses == 1
