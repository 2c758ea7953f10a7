"""What all tests share: one thread, a clean environment, and ways to compose, build and run."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from functools import cache, partial
from itertools import chain, count
from pathlib import Path
from typing import Any

import pytest
import torch
from hydra import compose, initialize_config_dir
from omegaconf import DictConfig, OmegaConf

from kindling.check.compose import Composer
from kindling.check.option import Conf
from kindling.run.naming import is_first_rank, run_folder

PROJECT = Path(__file__).parents[1]
CONF = PROJECT / "conf"
QUIET = ["callback=[]", "logger=[]", "trainer=cpu", "debug=one_batch"]
SMALL = ["data=wine", "model=mlp", "debug=limit"]
Train = Callable[..., subprocess.CompletedProcess[str]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run the long proofs too")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "full: a proof that takes minutes; runs with --full")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--full"):
        for item in items:
            if item.get_closest_marker("full"):
                item.add_marker(pytest.mark.skip(reason="a long proof: scripts/check --full"))


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread, since two busy ones on two busy cores wait for each other; no word from outside."""
    for name in list(os.environ):
        if name.startswith(("KINDLING_", "HYDRA_", "SLURM_", "TORCHELASTIC_", "MASTER_")):
            monkeypatch.delenv(name)
    for name in ("RANK", "LOCAL_RANK", "NODE_RANK", "WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    is_first_rank.cache_clear()
    torch.set_num_threads(1)
    torch.manual_seed(0)


@pytest.fixture(scope="session")
def composed() -> Callable[..., DictConfig]:
    """The configuration that a command line would give."""

    @cache
    def compose_once(*words: str) -> DictConfig:
        with initialize_config_dir(str(CONF), version_base="1.3"):
            return compose("config", list(words))

    return lambda *words: deepcopy(compose_once(*words))


@pytest.fixture(scope="session")
def mistakes() -> Callable[..., str]:
    """What is wrong with a command line, a line each; nothing where it is right."""
    OmegaConf.register_new_resolver("run_folder", run_folder, replace=True)

    def check(*words: str) -> str:
        with Composer(Conf(CONF)) as composer:
            return "\n".join(map(str, composer.check(list(words))[1]))

    return check


@pytest.fixture
def fitted(composed: Callable[..., DictConfig], tmp_path: Path) -> Callable[..., tuple[Any, Any, Any]]:
    """Data, module and trainer after a training in this process, quiet and one batch long unless told."""
    from kindling.build import build

    folders = chain([tmp_path], (tmp_path / str(again) for again in count(2)))

    def fit(*words: str) -> tuple[Any, Any, Any]:
        data, module, trainer = build(composed(*QUIET, *words), next(folders))
        trainer.fit(module, data)
        return data, module, trainer

    return fit


@pytest.fixture(scope="session")
def kept(composed: Callable[..., DictConfig], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint of a table (size, colour; good is 0 or 1), alone in its folder; it stays as it is."""
    from kindling.build import build
    from tests.stand_in import csv

    folder, alone = tmp_path_factory.mktemp("table"), tmp_path_factory.mktemp("alone")
    data, module, trainer = build(composed(*QUIET, "data=csv", *csv(folder)), folder)
    trainer.fit(module, data)
    return Path(shutil.move(folder / "checkpoints" / "best.ckpt", alone / "any name.ckpt"))


@pytest.fixture(name="runs")
def runs_command(tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    """Call scripts/runs.py in a folder of its own: exit code, output and errors."""
    from tests.past import call_runs

    return partial(call_runs, tmp_path)


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """Runs below outputs/ of that folder, written by hand."""
    from tests.past import leave_outputs

    return leave_outputs(tmp_path)


def run_train(
    folder: Path, *words: str, program: Path = PROJECT / "train.py", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run train.py as a user would, called from a folder, with warnings as errors."""
    strict = ["-W", "error", "-W", "ignore::FutureWarning", "-W", "ignore:The `srun` command is available"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", **variables}
    command = [sys.executable, *strict, str(program), *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture
def train(tmp_path: Path) -> Train:
    """Run train.py in a folder of its own."""
    return partial(run_train, tmp_path)


def runs(folder: Path) -> list[Path]:
    """The folders of the runs under a caller's folder."""
    return sorted(path.parent for path in folder.glob("outputs/*/*/**/status.json"))


def status(run: Path) -> dict[str, Any]:
    """How a run ended, in its own words."""
    return json.loads((run / "status.json").read_text())
