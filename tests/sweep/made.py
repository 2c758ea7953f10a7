"""Folders of sweeps, written by hand: what a report reads, without the training."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kindling.run.listing import find_entries
from kindling.sweep.report import Report
from kindling.sweep.summary import Section
from tests.past import leave_run, optimizer

FACTS = {"status": "ended", "kind": "grid", "keys": ["optimizer.lr"], "metric": "val/loss", "mode": "min"}


def leave_sweep(folder: Path, losses: Mapping[float, Sequence[float | None]], **facts: Any) -> Path:
    """A trial a rate, a seed a loss; a job without one has failed."""
    folder.mkdir(parents=True)
    members = max(map(len, losses.values()))
    (folder / "sweep.json").write_text(json.dumps({**FACTS, "members": members, **facts}))
    number = 0
    for rate, found in losses.items():
        for seed, loss in enumerate(found):
            failed: dict[str, Any] = {"status": "failed", "error": "no"} if loss is None else {}
            words = ["model=mlp", f"optimizer.lr={rate}", f"seed={seed}"]
            settings = {**optimizer(rate), "seed": seed}
            leave_run(
                folder / f"{number:03}-{number:08x}", *words, loss=loss or 9.0, settings=settings, **failed
            )
            number += 1
    return folder


def report(*folders: Path, output: Path | None = None) -> Report:
    return Report(find_entries(map(str, folders))[0], output)


def section(*folders: Path) -> Section:
    [found] = report(*folders).sections
    return found
