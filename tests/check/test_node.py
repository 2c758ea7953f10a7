"""Numbers of processes and nodes that must agree, before any of them waits for another."""

from typing import Any

import pytest

from kindling.check.job import Job
from kindling.check.node import wrong_nodes
from kindling.check.option import Conf
from tests.conftest import CONF

SLURM = "kindling.launcher.slurm.Slurm"
PROCESS = "kindling.launcher.process.Process"


def said(
    devices: Any, nodes: int | None, /, in_sweep: bool = False, strategy: str = "ddp", **launcher: Any
) -> str:
    trainer = {"devices": devices, "num_nodes": nodes, "strategy": strategy}
    return "\n".join(
        wrong_nodes(Job(Conf(CONF), [], {}, {"trainer": trainer, "launcher": launcher}), in_sweep)
    )


def test_a_node_alone_does_not_wait_for_others() -> None:
    assert said(2, None) == said(2, 1) == ""
    assert said(2, 2).startswith("trainer.num_nodes: expected one start on each of 2 nodes, got this alone; ")


def test_what_torchrun_starts_is_what_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "4")
    assert said(2, 2) == said([0, 1], 2) == said(4, None) == said("auto", None) == ""
    for devices, nodes in ((1, 1), (2, 1), ([0], 2)):
        assert said(devices, nodes).startswith(
            "trainer: expected devices × num_nodes to be the 4 processes of "
        )
    assert said(1, 1, strategy="auto") == "", "which is told as processes that train alone"


def test_a_sweep_of_one_machine_has_one_node() -> None:
    assert said(2, 1, in_sweep=True, _target_=PROCESS) == ""
    assert said(2, 2, in_sweep=True, _target_=PROCESS).endswith("; add launcher=slurm launcher.nodes=2")


@pytest.mark.parametrize(
    ("devices", "nodes", "asked", "tasks", "wrong"),
    [
        (2, 1, 1, 1, ""),
        (2, 1, 1, 2, ""),
        (2, 2, 2, 2, ""),
        (2, 2, 1, 2, "launcher.nodes: expected as many as trainer.num_nodes, 2, got 1"),
        (2, None, 2, 2, "launcher.nodes: expected as many as trainer.num_nodes, 1, got 2"),
        (2, 2, 2, 1, "launcher.tasks: expected as many as trainer.devices, 2, got 1"),
        (1, 1, 1, 2, "launcher.tasks: expected as many as trainer.devices, 1, got 2"),
    ],
)
def test_slurm_is_asked_for_what_trains(
    devices: int, nodes: int | None, asked: int, tasks: int, wrong: str
) -> None:
    found = said(devices, nodes, in_sweep=True, _target_=SLURM, nodes=asked, tasks=tasks)
    assert found.partition(";")[0] == wrong
