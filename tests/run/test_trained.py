"""A run's folder, read from Python."""

from pathlib import Path

import pytest
import torch

import kindling
from kindling.run.trained import Trained
from tests.conftest import SMALL, run_train, runs


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    caller = tmp_path_factory.mktemp("caller")
    assert run_train(caller, *SMALL).returncode == 0
    return runs(caller)[0]


def test_it_knows_what_was_trained_and_what_came_out(folder: Path) -> None:
    run = Trained(folder)
    assert [row["epoch"] for row in run.epochs] == [1, 2, 3]
    assert run.metrics["val/loss"] == pytest.approx(min(row["val/loss"] for row in run.epochs))
    assert run.words == {"data": "wine", "model": "mlp", "debug": "limit"}
    assert run.settings["model"]["hidden"] == [64, 64]
    assert run.command == "python train.py data=wine model=mlp debug=limit"
    assert str(run).startswith(f"test/loss {run.metrics['test/loss']:.4g}, test/accuracy ")


def test_its_pictures_are_shown_by_a_notebook(folder: Path) -> None:
    assert Trained(folder).curves._repr_png_() == (folder / "curves.png").read_bytes()
    assert kindling.picture(folder / "curves.png") == Trained(folder).curves


def test_its_network_predicts_and_is_evaluated(folder: Path, tmp_path: Path) -> None:
    run = Trained(folder)
    spec = run.predictor.spec
    assert run.predictor.predict(torch.ones(1, *spec.input_shape)).shape == (1, spec.num_targets)
    evaluation = run.evaluate(worst=5)
    assert evaluation.metrics["test/accuracy"] == pytest.approx(run.metrics["test/accuracy"])
    assert "recall" in str(evaluation)
    names = evaluation.write(str(tmp_path / "evaluation"))
    assert len((tmp_path / "evaluation" / "worst.csv").read_text().splitlines()) == 1 + 5
    assert all((tmp_path / "evaluation" / name).is_file() for name in names)
    assert run.evaluate("val").metrics["val/loss"] == pytest.approx(run.metrics["val/loss"])


def test_what_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    run = Trained(tmp_path)
    assert (run.metrics, run.epochs, str(run)) == ({}, [], "no results")
