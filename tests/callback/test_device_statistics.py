"""What a training takes of the machine stands among its metrics, and upsets none of them."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

WORDS = ["callback=[device_statistics,throughput]", "data=wine", "debug=limit", "logger=[csv]"]


def test_it_is_recorded_once_an_epoch(fitted: Callable[..., tuple[Any, Any, Any]], tmp_path: Path) -> None:
    data, module, trainer = fitted(*WORDS)
    trainer.test(module, data, verbose=False)
    with (tmp_path / "metrics.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3
    held = psutil.Process().memory_info().rss / 1e9
    for row in rows:
        assert 0 <= float(row["device/cpu_percent"]) <= 100
        assert held / 2 < float(row["device/memory_gb"]) < held * 2
    assert {"device/memory_gb", "train/rows_per_second"} < set(
        json.loads((tmp_path / "metrics.json").read_text())
    )
    assert (tmp_path / "curves.png").exists()
