"""The long proofs: what the shipped words reach, each as the mean of five seeds."""

import json
from pathlib import Path
from statistics import mean

import pytest

from tests.conftest import Train

pytestmark = pytest.mark.full
SMALL_MLP = "model.hidden=[128,32]"  # 17 thousand weights, as many as the LSTM has


def scores(train: Train, folder: Path, metric: str, *words: str) -> list[float]:
    result = train("-m", "seed=0,1,2,3,4", *words)
    assert result.returncode == 0, result.stderr
    found = [json.loads(path.read_text())[metric] for path in folder.glob("outputs/*/*/*/metrics.json")]
    assert len(found) == 5
    print(" ".join(words), metric, f"mean {mean(found):.4f} of", [round(score, 4) for score in found])
    return found


@pytest.mark.parametrize(
    ("words", "metric", "least"),
    [
        ("model=cnn optimizer=sgd", "test/accuracy", 0.97),
        ("model=mlp", "test/accuracy", 0.95),
        ("model=lstm", "test/accuracy", 0.95),
        ("data=breast_cancer model=mlp", "test/accuracy", 0.95),
        ("data=wine model=mlp", "test/accuracy", 0.95),
        ("data=diabetes model=mlp", "test/r2", 0.4),
        ("experiment=digits", "test/accuracy", 0.985),
    ],
)
def test_it_reaches(words: str, metric: str, least: float, train: Train, tmp_path: Path) -> None:
    assert mean(scores(train, tmp_path, metric, *words.split())) >= least


def test_the_lstm_solves_the_adding_problem(train: Train, tmp_path: Path) -> None:
    assert mean(scores(train, tmp_path, "test/mse", "experiment=adding_problem")) < 0.01


def test_a_network_without_memory_does_not(train: Train, tmp_path: Path) -> None:
    words = ["experiment=adding_problem", "model=mlp", SMALL_MLP]
    assert min(scores(train, tmp_path, "test/mse", *words)) > 0.03
