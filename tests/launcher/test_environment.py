"""Which variables and GPUs a job gets, counted without torch."""

from pathlib import Path

import pytest

from kindling.error import MachineError
from kindling.launcher.environment import chosen_gpus, job_environment, share, visible_gpus


def test_a_job_is_none_of_the_processes_that_its_sweep_is_of() -> None:
    found = job_environment({"RANK": "1", "MASTER_PORT": "1", "SLURM_NTASKS": "2", "HOME": "/", "GPU": "a"})
    assert found == {"HOME": "/", "GPU": "a"}


@pytest.mark.parametrize(
    ("told", "gpus"), [("0,1", ["0", "1"]), ("", []), ("-1", []), ("GPU-a, 2", ["GPU-a", "2"])]
)
def test_visible_gpus_are_those_of_the_variable(told: str, gpus: list[str]) -> None:
    assert visible_gpus({"CUDA_VISIBLE_DEVICES": told}) == gpus


@pytest.mark.parametrize(
    ("body", "gpus"),
    [
        ("echo 'GPU 0: A'; echo 'GPU 1: B'", ["0", "1"]),
        ("echo failed; exit 9", []),
        ("echo 'No devices'", []),
    ],
)
def test_else_they_are_counted_by_the_driver(
    body: str, gpus: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\n{body}\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert visible_gpus({}) == gpus


def test_a_machine_without_a_driver_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert visible_gpus({}) == []


@pytest.mark.parametrize(
    ("gpus", "each", "places", "shares"),
    [
        (["0", "1"], 1, 2, [["0"], ["1"]]),
        (["0", "1", "2", "3"], 2, 2, [["0", "1"], ["2", "3"]]),
        (["0"], 1, 2, [["0"], ["0"]]),
        (["0", "1"], 0, 2, [["0", "1"], ["0", "1"]]),
        ([], 1, 2, [[], []]),
    ],
)
def test_gpus_are_divided(gpus: list[str], each: int, places: int, shares: list[list[str]]) -> None:
    assert share(gpus, each, places) == shares


def test_gpus_that_are_not_there_are_told() -> None:
    assert chosen_gpus([1], ["4", "5"]) == ["5"]
    assert chosen_gpus(None, ["4", "5"]) == ["4", "5"]
    with pytest.raises(MachineError, match=r"^launcher\.gpus: expected .* got 2; this machine shows 2$"):
        chosen_gpus([2], ["4", "5"])
    with pytest.raises(MachineError, match=r"^launcher\.gpus_per_job: expected 2 or less, got 3"):
        share(["4", "5"], 3, 1)
