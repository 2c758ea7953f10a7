"""In what two runs differ that should be the same to the last bit."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from tensorboard.backend.event_processing.event_accumulator import SCALARS, EventAccumulator

from kindling.run.store import read_checkpoint
from kindling.run.verify import fault

CHECKPOINTS = ("checkpoints/last.ckpt", "checkpoints/best.ckpt")
RESULTS = ("metrics.json", "metrics.csv")
UNREAD = "scheduler_progress/total"  # Lightning counts there, and reads it nowhere; one less after a start


def differences(run: Path, reference: Path) -> Iterator[str]:
    """Weights, optimizer, schedules, callbacks, what was measured, and what each logger shows."""
    found = json.loads((run / "status.json").read_text(encoding="utf-8"))
    if (found["status"], found["exit_code"]) != ("done", 0):
        yield f"status.json: {found['status']}, {found['exit_code']}"
    for name in CHECKPOINTS:
        if wrong := fault(run / name):
            yield wrong
        else:
            yield from differing(name, *(read_checkpoint(folder / name) for folder in (run, reference)))
    for name in RESULTS:
        if (run / name).read_bytes() != (reference / name).read_bytes():
            yield name
    shown = [scalars(folder / "tensorboard") for folder in (run, reference)]
    yield from differing(
        "tensorboard", *({tag: dict(points) for tag, points in one.items()} for one in shown)
    )
    yield from (
        f"tensorboard: {tag} doubled" for tag in shown[1] if len(shown[0].get(tag, [])) > len(shown[1][tag])
    )
    names = [{path.relative_to(folder) for path in files(folder)} for folder in (run, reference)]
    yield from (f"a file of one alone: {path}" for path in sorted(names[0] ^ names[1]))


def differing(name: str, one: Any, other: Any) -> Iterator[str]:
    """Each value that is not the same, by the way to it."""
    values = [dict(leaves(value, name)) for value in (one, other)]
    for place in dict.fromkeys([*values[0], *values[1]]):
        there = all(place in found for found in values)
        if UNREAD not in place and not (there and same(*(found[place] for found in values))):
            yield place


def leaves(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Every tensor and plain value."""
    if isinstance(value, dict | list | tuple):
        yield place, (type(value).__name__, len(value))
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(one, f"{place}/{key}")
    else:
        yield place, value


def same(one: Any, other: Any) -> bool:
    """Whether two values have the same bits."""
    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        return one.dtype == other.dtype and torch.equal(one, other)
    return type(one) is type(other) and repr(one) == repr(other)  # nan is nan


def scalars(folder: Path) -> dict[str, list[tuple[int, float]]]:
    """Steps and values as TensorBoard shows them."""
    if not folder.is_dir():
        return {}
    logging.getLogger("tensorboard").setLevel(logging.ERROR)  # it tells each time what it no longer shows
    events = EventAccumulator(str(folder), size_guidance={SCALARS: 0}).Reload()
    return {tag: [(one.step, one.value) for one in events.Scalars(tag)] for tag in events.Tags()[SCALARS]}


def files(folder: Path) -> Iterator[Path]:
    """All of a run's but TensorBoard's, whose names hold the time."""
    return (path for path in folder.rglob("*") if path.is_file() and path.parent.name != "tensorboard")
