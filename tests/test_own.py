"""What lies under tests/own is added by copying it over the project, and then trains."""

import json
import math
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.added import FILES, OWN, make_gan, own
from tests.conftest import PROJECT, run_train, runs, status

NETWORKS = [path.stem for path in FILES if path.match("conf/model/*.yaml")]
QUICK = ["trainer=cpu", "logger=[]"]
COMMANDS = {
    "classes": ["-m", f"model={','.join(NETWORKS)}", "regularizer=[],[orthogonal]", "data=moons",
                "callback=[gradient_norm]", "optimizer=adamax", "optimizer.lr=0.02",
                "trainer.max_epochs=2", *QUICK],
    "counts": ["task=count", "data=csv", "data.path=counts.csv", "data.target=visits",
               "data.test_path=new.csv", "callback=[]", "optimizer.lr=0.01", "trainer.max_epochs=20", *QUICK],
    "numbers": ["task.loss=log_cosh", "task.metrics=[{within:{tolerance:15}},mae]", "data=csv",
                "data.path=prices.csv", "data.target=price", "callback=[]", "trainer.max_epochs=20", *QUICK],
    "gan": ["experiment=gan", "callback=[]", *QUICK],
}  # fmt: skip
Trained = Callable[[str], Sequence[Path]]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with everything added."""
    folder = tmp_path_factory.mktemp("copy")
    without_caches = shutil.ignore_patterns("__pycache__")
    for root, part in ((PROJECT, "conf"), (PROJECT, "src"), (OWN, "conf"), (OWN, "src")):
        shutil.copytree(root / part, folder / part, ignore=without_caches, dirs_exist_ok=True)
    for name in ("train.py", "pyproject.toml"):
        shutil.copy(PROJECT / name, folder)
    return folder


@pytest.fixture(scope="module")
def trained(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """The runs of one of the commands, which is run once."""

    @cache
    def train_once(name: str) -> Sequence[Path]:
        folder = tmp_path_factory.mktemp(name)
        write_counts(folder)
        write_prices(folder)
        keep_bytecode = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": ""}
        found = {"PYTHONPATH": str(copy / "src"), **keep_bytecode}
        result = run_train(folder, *COMMANDS[name], program=copy / "train.py", **found)
        assert result.returncode == 0, result.stderr
        return runs(folder)

    return train_once


def write_counts(folder: Path) -> None:
    """Visits of which the rate grows with the heat; and new days without visits."""
    generator = np.random.default_rng(0)
    heat = generator.uniform(-1, 1, 600)
    rows = zip(heat.tolist(), generator.poisson(np.exp(1 + heat)).tolist(), strict=True)
    (folder / "counts.csv").write_text("heat,visits\n" + "".join(f"{x:.4f},{y}\n" for x, y in rows))
    (folder / "new.csv").write_text("heat\n-0.8\n0.0\n0.8\n")


def write_prices(folder: Path) -> None:
    """Prices that grow with the heat, missed by 10 or so."""
    generator = np.random.default_rng(1)
    heat = generator.uniform(-1, 1, 600)
    rows = zip(heat.tolist(), (100 * heat + generator.normal(0, 10, 600)).tolist(), strict=True)
    (folder / "prices.csv").write_text("heat,price\n" + "".join(f"{x:.4f},{y:.4f}\n" for x, y in rows))


def metrics(run: Path) -> dict[str, float]:
    found: dict[str, float] = json.loads((run / "metrics.json").read_text())
    return found


def weights(run: Path) -> dict[str, Tensor]:
    found = torch.load(run / "checkpoints/last.ckpt", map_location="cpu", weights_only=True)
    return dict(found["state_dict"])


def test_no_file_of_the_project_is_written_over() -> None:
    assert [path for path in FILES if (PROJECT / path).exists()] == []


def test_a_yaml_and_its_python_lie_on_the_same_path() -> None:
    for path in FILES:
        if path.suffix == ".yaml" and path.stem not in ("adamax", "gan"):  # torch's; an algorithm
            assert Path("src/kindling", *path.with_suffix(".py").parts[1:]) in FILES


def test_every_file_is_trained(trained: Trained, copy: Path) -> None:
    for name in COMMANDS:
        assert trained(name)
    words = [word.partition("=") for command in COMMANDS.values() for word in command]
    chosen = {
        f"conf/{group}/{option}.yaml" for group, _, text in words for option in re.findall(r"\w+", text)
    }
    tag = sys.implementation.cache_tag
    imported = {
        path.as_posix()
        for path in FILES
        if (copy / path.parent / "__pycache__" / f"{path.stem}.{tag}.pyc").exists()
    }
    assert [path for path in FILES if path.as_posix() not in chosen | imported] == []


def test_every_network_learns_the_moons(trained: Trained) -> None:
    found = [metrics(run)["test/accuracy"] for run in trained("classes")]
    assert len(found) == 2 * len(NETWORKS)
    assert min(found) > 0.8


def test_orthogonal_lowers_the_penalty_of_every_network(trained: Trained) -> None:
    distance = own("regularizer/orthogonal").distance

    def far(run: Path) -> float:
        return sum(float(distance(weight)) for weight in weights(run).values() if weight.ndim > 1)

    found = {tuple(status(run)["overrides"][:2]): far(run) for run in trained("classes")}
    for network in NETWORKS:
        without, with_it = (f"regularizer={words}" for words in ("[]", "[orthogonal]"))
        assert found[f"model={network}", with_it] < found[f"model={network}", without]


def test_the_gradient_has_a_norm_in_every_epoch(trained: Trained) -> None:
    for run in trained("classes"):
        assert metrics(run)["train/gradient_norm"] > 0


def test_rates_of_new_rows_are_near_the_truth(trained: Trained) -> None:
    (run,) = trained("counts")
    _, *rows = (run / "predictions.csv").read_text().splitlines()
    rates = [float(row.partition(",")[2]) for row in rows]
    assert rates == pytest.approx([math.exp(1 + heat) for heat in (-0.8, 0.0, 0.8)], rel=0.25)


def test_numbers_are_learned_by_log_cosh_and_counted_within(trained: Trained) -> None:
    (run,) = trained("numbers")
    found = metrics(run)
    assert 0.7 < found["test/within"] < 1  # who knows nothing is within 15 of a price in 7
    assert found["test/mae"] < 15
    assert found["test/loss"] < 0.05


def test_the_generator_is_in_the_checkpoint_and_makes_moons(trained: Trained) -> None:
    gan, moons = own("gan"), own("data/moons")
    (run,) = trained("gan")
    module, data = make_gan(gan, latent=2, hidden=64), moons.Moons(rows=2000)
    data.setup()
    real = data.splits["test"][:][0]
    module.adopt(data.statistics)
    before = gan.energy_distance(module.generate(len(real), 1), module.normalize(real))

    module.restore(run / "checkpoints/best.ckpt")

    after = gan.energy_distance(module.generate(len(real), 1), module.normalize(real))
    assert after < before / 5
    assert metrics(run)["test/distance"] < before / 5


def test_the_distance_chooses_and_draws(trained: Trained) -> None:
    (run,) = trained("gan")
    validated = map(float, re.findall(r"val/distance ([\d.e-]+)", (run / "log.txt").read_text()))
    assert metrics(run)["val/distance"] == pytest.approx(min(validated), rel=1e-3)
    assert {"val/loss", "train/distance", "test/loss"} <= metrics(run).keys()
    assert (run / "curves.png").stat().st_size


def check(copy: Path, *tool: str) -> None:
    found = {**os.environ, "PYTHONPATH": str(copy / "src"), "OMP_NUM_THREADS": "1"}
    result = subprocess.run(
        [sys.executable, "-m", *tool], cwd=copy, env=found, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_what_is_added_passes_the_linters(copy: Path) -> None:
    paths = [str(path) for path in FILES if path.suffix == ".py"]
    for words in (["check"], ["format", "--check"]):
        check(copy, "ruff", *words, "--no-cache", *paths)  # of a program, which tests are not


@pytest.mark.full
def test_what_is_added_is_typed(copy: Path) -> None:
    check(copy, "mypy", "--no-incremental")


@pytest.mark.full
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_gan_learns_with_any_seed(seed: int, copy: Path, tmp_path: Path) -> None:
    words = ["-m", "experiment=gan", "optimizer.lr=1e-30,1e-3", f"seed={seed}", "callback=[]", *QUICK]
    result = run_train(tmp_path, *words, program=copy / "train.py", PYTHONPATH=str(copy / "src"))
    assert result.returncode == 0, result.stderr
    untrained, learned = (metrics(run)["test/distance"] for run in runs(tmp_path))
    assert learned < untrained / 5
