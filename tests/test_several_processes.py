"""Several processes train as one: one record, the same numbers, one message."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from scripts.benchmark.same import differences
from tests.conftest import PROJECT, SMALL, Train, runs, status
from tests.copied import has_orphans

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="gloo under Windows needs a set-up of its own"
)
CPU = ["trainer=ddp", "trainer.accelerator=cpu"]


def test_two_processes_keep_one_record(train: Train, tmp_path: Path) -> None:
    result = train(*SMALL, *CPU)
    assert result.returncode == 0, result.stderr
    (found,) = runs(tmp_path)
    assert {"metrics.json", "curves.png", "status.json"} <= {path.name for path in found.iterdir()}
    assert result.stdout.count("run folder: ") == 1
    assert (found / "log.txt").read_text().count("epoch 1: ") == 1


def test_two_processes_measure_what_one_measures(train: Train, tmp_path: Path) -> None:
    still = ["data=wine", "optimizer.lr=1e-30", "trainer.max_epochs=1"]
    for processes in (["trainer=cpu"], CPU):
        assert train(*still, *processes).returncode == 0
    one, two = (json.loads((run / "metrics.json").read_text()) for run in runs(tmp_path))
    assert one == pytest.approx(two, rel=1e-5)


def test_a_number_that_is_not_finite_is_told_once_by_two_processes(train: Train) -> None:
    result = train("optimizer=sgd", "optimizer.lr=1e20", "data=diabetes", *CPU)
    assert (result.returncode, result.stderr.count("\n")) == (4, 1)


def start_and_stop(folder: Path, words: list[str], number: signal.Signals, group: bool) -> tuple[int, str]:
    """Send a signal to the first process, or as Ctrl-C to all, once they train; the code and the line."""
    command = [sys.executable, "-W", "ignore", str(PROJECT / "train.py"), *words]
    pipes: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}  # as the runs that it is compared with
    with subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True, **pipes) as process:
        while not (folder / "run" / "checkpoints" / "last.ckpt").exists() and process.poll() is None:
            time.sleep(0.05)
        (os.killpg if group else os.kill)(process.pid, number)
        errors = process.communicate(timeout=120)[1]
    assert not has_orphans(process.pid)
    return process.returncode, errors


@pytest.mark.parametrize(
    ("number", "group"),
    [(signal.SIGTERM, False), pytest.param(signal.SIGINT, True, marks=pytest.mark.full)],
)
def test_two_processes_stop_as_one_and_go_on_to_the_same_bits(
    number: signal.Signals, group: bool, train: Train, tmp_path: Path
) -> None:
    words = ["data=digits", "callback=[]", "trainer.max_epochs=6", "save_interval=0", *CPU, "resume=auto"]
    code, errors = start_and_stop(tmp_path, [*words, "hydra.run.dir=run"], number, group)
    assert (code, errors) == (128 + number, f"stopped by {number.name}; go on: python train.py resume=run\n")
    assert status(tmp_path / "run")["status"] == "stopped"
    for again in (["resume=run"], [*words, "hydra.run.dir=whole"]):
        result = train(*again)
        assert result.returncode == 0, result.stderr
    assert list(differences(tmp_path / "run", tmp_path / "whole")) == []


def start_nodes(folder: Path, *words: str) -> list[tuple[int, str]]:
    """Two nodes of torchrun on this machine: how each ended, and what it wrote."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [sys.executable, "-m", "torch.distributed.run", "--nnodes=2", "--nproc-per-node=1"]
    command += ["--master-addr=127.0.0.1", f"--master-port={port}"]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    program = [str(PROJECT / "train.py"), *words]
    nodes = [
        subprocess.Popen([*command, f"--node-rank={rank}", *program], cwd=folder, env=environment, **pipes)
        for rank in (0, 1)
    ]
    outputs = [node.communicate(timeout=200)[0] for node in nodes]
    return [(node.returncode, output) for node, output in zip(nodes, outputs, strict=True)]


@pytest.mark.full
def test_two_nodes_keep_one_record(tmp_path: Path) -> None:
    nodes = ["trainer.devices=1", "trainer.num_nodes=2"]
    ended = start_nodes(tmp_path, *SMALL, *CPU, *nodes)
    assert [code for code, _ in ended] == [0, 0], ended
    (found,) = runs(tmp_path)
    assert status(found)["status"] == "done"
    assert sum(output.count("run folder: ") for _, output in ended) == 1
    assert "MEMBER: 1/2" in (found / "log.txt").read_text()


@pytest.mark.full
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["trainer.devices=1"], "trainer: expected devices × num_nodes to be the 2 processes of torchrun"),
        (["-m", "seed=1,2", "trainer.num_nodes=2"], "sweep: expected one process, got several of torchrun"),
    ],
)
def test_two_nodes_that_can_not_be_right_are_refused(words: list[str], told: str, tmp_path: Path) -> None:
    ended = start_nodes(tmp_path, *SMALL, *CPU, *words)
    assert all(code != 0 for code, _ in ended)
    assert "".join(output for _, output in ended).count(told) == 1
    assert runs(tmp_path) == []
