"""The long proofs: what the shipped words reach, each as the mean of five seeds."""

import json
from collections.abc import Callable
from pathlib import Path
from statistics import mean

import pytest

from tests.conftest import Train

pytestmark = pytest.mark.full
Scores = Callable[..., list[float]]
SMALL_MLP = "model.hidden=[128,32]"  # 17 thousand weights, as many as the LSTM has


@pytest.fixture
def scores(train: Train, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Scores:
    """Train with five seeds, and show what came out."""

    def run(metric: str, *words: str) -> list[float]:
        result = train("-m", "seed=0,1,2,3,4", *words)
        assert result.returncode == 0, result.stderr
        found = [json.loads(path.read_text())[metric] for path in tmp_path.glob("outputs/*/*/*/metrics.json")]
        assert len(found) == 5
        with capsys.disabled():
            listed = ", ".join(f"{score:.4g}" for score in sorted(found))
            print(f"\n{' '.join(words)}: {metric} {mean(found):.4g}, the mean of {listed}")
        return found

    return run


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
def test_it_reaches(words: str, metric: str, least: float, scores: Scores) -> None:
    assert mean(scores(metric, *words.split())) >= least


def test_the_lstm_solves_the_adding_problem(scores: Scores) -> None:
    assert mean(scores("test/mse", "experiment=adding_problem")) < 0.01


def test_a_network_without_memory_does_not(scores: Scores) -> None:
    assert min(scores("test/mse", "experiment=adding_problem", "model=mlp", SMALL_MLP)) > 0.03
