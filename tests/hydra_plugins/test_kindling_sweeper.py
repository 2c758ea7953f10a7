"""What -m starts: found in a wheel as in the folder, and alone in saying where jobs run."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from hydra_plugins.kindling_sweeper import require_own_launcher
from kindling.error import ConfigError
from tests.conftest import PROJECT, Train, runs


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder with the packages that a wheel holds, as pip lays them beside those of others."""
    described = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    for package in described["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
        shutil.copytree(PROJECT / package, tmp_path / "installed" / Path(package).name)
    return tmp_path / "installed"


def listed(path: str) -> list[str]:
    return [one.name for one in Path(path).iterdir()] if Path(path).is_dir() else []


def test_a_wheel_brings_what_a_sweep_needs(installed: Path, tmp_path: Path) -> None:
    for name in ("train.py", "conf"):
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, tmp_path / name)
    others = [path for path in sys.path if path and not {"kindling", "conf"} & {*listed(path)}]
    paths = [str(installed), *others]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"}
    words = ["-m", "data=wine", "trainer=cpu", "debug=one_batch", "callback=[]", "logger=[]", "seed=1,2"]
    # -S leaves out what makes this folder's own src found
    command = [sys.executable, "-S", "-W", "ignore", "train.py", *words]
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(runs(tmp_path)) == 2


def test_no_version_of_hydra_warns_whoever_trains(train: Train) -> None:
    ended = train("--cfg", "job")
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize(
    ("word", "write"), [("joblib", "process"), ("submitit_slurm", "slurm"), ("ray", "ray")]
)
def test_hydras_own_launchers_are_refused(word: str, write: str) -> None:
    chosen = OmegaConf.create({"hydra": {"runtime": {"choices": {"hydra/launcher": word}}}})
    with pytest.raises(ConfigError, match=rf"^hydra/launcher={word}: .*; write launcher={write}$"):
        require_own_launcher(chosen)


def test_a_table_of_the_sweeper_is_of_the_sweep_and_not_of_its_jobs(train: Train, tmp_path: Path) -> None:
    ended = train(
        "-m", "sweep=learning_rate", "optimizer.lr=0.1", "data=wine", "trainer=cpu", "debug=one_batch"
    )
    assert ended.returncode == 0, ended.stderr
    assert len(runs(tmp_path)) == 1
