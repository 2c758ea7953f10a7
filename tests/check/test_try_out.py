"""check=true tries one batch of each job, and neither trains nor leaves anything."""

from pathlib import Path

from tests.conftest import SMALL, Train, runs

NET = """
from torch import nn

class Net(nn.Sequential):
    def __init__(self, input_shape, num_outputs):
        super().__init__(nn.Flatten(), nn.Linear(64, 7))
"""


def test_it_shows_sizes_and_leaves_nothing(train: Train, tmp_path: Path) -> None:
    result = train("check=true", "model=cnn", "regularizer=[mixup,l1]")
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert [line for line in lines if line.startswith("head Linear") and line.endswith("2,570")]
    assert [line for line in lines if line.startswith("total") and "21,386 weights" in line]
    assert lines[-1] == "check: everything fits, nothing was trained"
    assert list(tmp_path.iterdir()) == []


def test_each_job_of_a_sweep_is_tried(train: Train, tmp_path: Path) -> None:
    result = train("-m", "check=true", "data=wine", "optimizer=sgd,adam")
    assert result.returncode == 0
    titles = [line for line in result.stdout.splitlines() if line.startswith("#")]
    assert titles == [f"# data=wine optimizer={name}" for name in ("sgd", "adam")]
    assert list(tmp_path.iterdir()) == []


def test_what_only_the_data_can_tell_is_a_line_as_well(train: Train, tmp_path: Path) -> None:
    result = train("check=true", "data=digits", "task=binary")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "task=binary needs 2 classes; data=digits has 10 classes\n"
    assert list(tmp_path.iterdir()) == []


def test_a_network_with_other_outputs_is_a_line_as_well(train: Train, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "net.py").write_text(NET)
    words = ["model=sequential", "model._target_=own.net.Net", "~model.layers"]
    result = train("check=true", *words, PYTHONPATH=str(tmp_path))
    assert (result.returncode, result.stdout) == (2, "")
    told = "model: expected outputs of shape (32, 10), got (32, 7); end it with num_outputs units\n"
    assert result.stderr == told


def test_layers_that_are_held_are_told(train: Train, tmp_path: Path) -> None:
    assert train(*SMALL).returncode == 0
    (run,) = runs(tmp_path)
    result = train("check=true", "data=wine", "model=mlp", f"init_from={run}", "freeze=body")  # wine alone
    assert result.returncode == 0, result.stderr
    assert "195 of them learned" in result.stdout
    assert runs(tmp_path) == [run]
