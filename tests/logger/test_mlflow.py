"""What a run does arrives at MLflow, read back with its own client."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kindling.logger.close import close
from kindling.logger.mlflow import MLFlowLogger
from tests.conftest import SMALL, Train, runs, status

Fitted = Callable[..., tuple[Any, Any, Any]]


def records(folder: Path) -> list[Any]:
    """The runs that a folder's store holds."""
    mlflow = pytest.importorskip("mlflow", reason="an extra: pip install kindling[mlflow]")
    client = mlflow.MlflowClient((folder / "mlflow").absolute().as_uri())
    return list(client.search_runs([found.experiment_id for found in client.search_experiments()]))


@pytest.fixture(autouse=True)
def _quiet(tmp_path: Path) -> None:
    pytest.importorskip("mlflow", reason="an extra: pip install kindling[mlflow]")
    MLFlowLogger(save_dir=str(tmp_path / "unused"))  # sets what mlflow's own client reads


def test_settings_metrics_and_the_end_arrive(fitted: Fitted, tmp_path: Path) -> None:
    words = ["trainer.max_epochs=2", "optimizer.lr=0.25"]
    data, module, trainer = fitted("data=wine", "logger=[mlflow]", *words)
    trained = dict(trainer.callback_metrics)
    (tested,) = trainer.test(module, data, verbose=False)
    (before,) = records(tmp_path)
    assert before.info.status == "RUNNING"
    close(trainer.loggers, 0)
    (found,) = records(tmp_path)
    assert (found.info.status, found.info.run_name) == ("FINISHED", tmp_path.name)
    assert found.data.params["optimizer/lr"] == "0.25"
    assert found.data.params["trainer/max_epochs"] == "2"
    for name, value in {**trained, **tested}.items():
        assert found.data.metrics[name] == pytest.approx(float(value))


def test_a_run_that_goes_on_has_one_record(tmp_path: Path) -> None:
    for epochs, code in ((3, 143), (5, 0)):
        logger = MLFlowLogger(save_dir=str(tmp_path))
        logger.log_hyperparams({"max_epochs": epochs})
        (before,) = records(tmp_path)
        assert before.info.status == "RUNNING"
        logger.log_metrics({"val/loss": 1 / epochs}, epochs)
        logger.close(code)
    (found,) = records(tmp_path)
    assert (found.info.status, found.data.params) == ("FINISHED", {"max_epochs": "3"})
    assert found.data.metrics == {"val/loss": 0.2}


@pytest.mark.parametrize(("code", "word"), [(0, "FINISHED"), (3, "FAILED"), (143, "KILLED")])
def test_it_is_told_how_a_run_ended(code: int, word: str, tmp_path: Path) -> None:
    logger = MLFlowLogger(save_dir=str(tmp_path))
    logger.log_metrics({"val/loss": 1.0}, 3)
    logger.close(code)
    (found,) = records(tmp_path)
    assert found.info.status == word


def test_a_sweep_has_a_record_a_job_and_a_failed_one_is_marked(train: Train, tmp_path: Path) -> None:
    pytest.importorskip("wandb", reason="an extra: pip install kindling[wandb]")
    result = train("-m", "optimizer.lr=0.01,1e30", *SMALL, "logger=[mlflow,wandb]")
    assert result.returncode == 7
    found = runs(tmp_path)
    assert [status(run)["status"] for run in found] == ["done", "failed"]
    assert [record.info.status for run in found for record in records(run)] == ["FINISHED", "FAILED"]
    assert [len(list(run.glob("wandb/offline-run-*/*.wandb"))) for run in found] == [1, 1]
    assert not [line for line in result.stdout.splitlines() if line.lower().startswith(("wandb", "mlflow"))]
    assert not [line for line in result.stderr.splitlines() if line.lower().startswith(("wandb", "mlflow"))]
