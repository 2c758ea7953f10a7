"""Folders of runs, written by hand: what a list of runs reads, without the training; and its command."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from kindling.run.process import this_process
from tests.conftest import PROJECT

SCRIPT = PROJECT / "scripts" / "runs.py"
Runs = Callable[..., tuple[int, str, str]]
SETTINGS = {
    "seed": 0,
    "monitor": {"metric": "val/loss", "mode": "min"},
    "model": {"_target_": "kindling.model.mlp.MLP", "hidden": [64, 64]},
    "optimizer": {"_target_": "torch.optim.Adam", "lr": 0.01},
}


def leave_run(
    folder: Path,
    *overrides: str,
    status: str = "done",
    second: int = 0,
    loss: float = 0.5,
    settings: dict[str, Any] | None = None,
    **facts: Any,
) -> Path:
    """A run as it would have been left; one that isn't done has no final metrics."""
    folder.mkdir(parents=True)
    told = {"status": status, "overrides": overrides, "seconds": 5.0, "error": None, "exit_code": 0}
    started = f"2026-01-02T03:{second // 60:02}:{second % 60:02}+00:00"
    (folder / "status.json").write_text(json.dumps({**told, "started": started, **facts}))
    (folder / "config.yaml").write_text(yaml.safe_dump({**SETTINGS, **(settings or {})}, sort_keys=False))
    (folder / "log.txt").write_text("log\n")
    (folder / "metrics.csv").write_text(f"epoch,val/loss\n1,0.9\n2,{loss}\n3,0.8\n")
    if status == "done":
        metrics = {"epoch": 2, "val/loss": loss, "test/loss": loss + 0.1, "test/accuracy": 1 - loss}
        (folder / "metrics.json").write_text(json.dumps(metrics))
    (folder / "checkpoints").mkdir()
    (folder / "checkpoints" / "last.ckpt").write_bytes(b"0" * 2_000_000)
    return folder


def optimizer(lr: float) -> dict[str, Any]:
    """Settings with another rate."""
    return {"optimizer": {"_target_": "torch.optim.Adam", "lr": lr}}


def leave_outputs(folder: Path) -> Path:
    """A single run, and a sweep with one job that failed and one that was killed."""
    outputs = folder / "outputs" / "2026-01-02"
    leave_run(outputs / "03-00-00-aaaaaa", "model=mlp", "data=wine", second=1, loss=0.4)
    for job, lr in enumerate([0.1, 0.01, 0.001, 0.2]):
        facts = [{}, {}, {"status": "failed", "error": "no"}, {"status": "running"}][job]
        gone = {"process": {**this_process(), "pid": 2**22 + 1}}
        words = ["model=mlp", f"optimizer.lr={lr}"]
        sweep = outputs / "04-00-00-bbbbbb"
        leave_run(
            sweep / str(job), *words, second=600 + job, loss=lr, settings=optimizer(lr), **facts, **gone
        )
    (sweep / "multirun.yaml").write_text("hydra: {}\n")
    return outputs


def call_runs(folder: Path, *words: str, **options: int) -> tuple[int, str, str]:
    """Call the command there: exit code, output and errors."""
    command = [sys.executable, "-W", "error", str(SCRIPT), *words]
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": ""}
    result = subprocess.run(command, cwd=folder, env=environment, encoding="utf-8", **streams)  # type: ignore[call-overload]
    return result.returncode, result.stdout or "", result.stderr or ""
