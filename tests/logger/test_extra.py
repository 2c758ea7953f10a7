"""A package that is missing is told in one line; a run is called after its folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from kindling.error import MachineError
from kindling.logger.extra import run_name
from kindling.logger.mlflow import MLFlowLogger
from kindling.logger.wandb import WandbLogger


@pytest.mark.parametrize(
    ("logger", "package"), [(WandbLogger, "wandb"), (MLFlowLogger, "mlflow-skinny")], ids=["wandb", "mlflow"]
)
def test_a_missing_package_is_one_line(
    logger: type, package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = package.partition("-")[0]
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(
        MachineError, match=rf"^logger={name}: .* type: python -m pip install {package}$"
    ) as told:
        logger(save_dir=str(tmp_path))
    assert told.value.exit_code == 6


def test_a_run_is_called_after_its_folder() -> None:
    assert run_name("/x/outputs/2026-01-02/10-00-00-abcdef") == "10-00-00-abcdef"
    assert run_name("/x/outputs/sweep/lr_grid/003-0123abcd") == "lr_grid/003-0123abcd"


def test_neither_is_imported_with_the_others() -> None:
    program = "import sys, kindling.build, kindling.logger.csv, kindling.run.record\n"
    program += "assert not {'wandb', 'mlflow'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)
