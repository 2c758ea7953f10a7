"""Where the state to go on from is saved: whenever it is time, and only where the same bits follow."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from kindling.run.keep import Keep
from kindling.run.stop import Stop

Place = tuple[str, int, int]  # checkpoint, epoch, and how many batches of it were done
Saves = Callable[..., list[Place]]


@pytest.fixture
def saves(
    composed: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[Place]]:
    """Which checkpoints a training of two epochs of six batches writes, and where."""
    from kindling.build import build

    words = [
        "callback=[]",
        "logger=[]",
        "trainer=cpu",
        "data=wine",  # wine alone
        "data.batch_size=20",
        "trainer.max_epochs=2",
    ]

    def train(*more: str) -> list[Place]:
        data, module, trainer = build(composed(*words, *more), tmp_path)
        found: list[Place] = []
        whole = trainer.save_checkpoint

        def save(path: Path, *arguments: Any, **named: Any) -> None:
            progress = trainer.fit_loop.epoch_loop.batch_progress.current
            found.append((Path(path).stem, trainer.current_epoch, progress.processed))
            whole(path, *arguments, **named)

        monkeypatch.setattr(trainer, "save_checkpoint", save)
        trainer.fit(module, data)
        assert trainer.num_training_batches == 6
        return found

    return train


def amid(found: list[Place]) -> list[int]:
    """After which batches of the first epoch last.ckpt was saved before the epoch ended."""
    return [batches for name, epoch, batches in found if (name, epoch) == ("last", 0)][:-1]


def test_every_batch_but_the_last_will_do(saves: Saves) -> None:
    found = saves("save_interval=0")
    assert amid(found) == [1, 2, 3, 4, 5]
    assert found[5:7] == [("best", 0, 6), ("last", 0, 6)]


def test_nothing_is_saved_amid_a_step_of_several_batches(saves: Saves) -> None:
    assert amid(saves("save_interval=0", "+trainer.accumulate_grad_batches=2")) == [2, 4]


def test_nothing_is_saved_before_a_validation(saves: Saves) -> None:
    assert amid(saves("save_interval=0", "+trainer.val_check_interval=2")) == [1, 3, 5]


def test_it_waits_for_the_interval(saves: Saves, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10_000))
    monkeypatch.setattr("kindling.run.keep.time", SimpleNamespace(monotonic=lambda: next(clock)))
    assert amid(saves("save_interval=3")) == [3]  # a second a batch, and two for the saving itself


def test_a_long_interval_saves_where_epochs_end_alone(saves: Saves) -> None:
    found = saves("save_interval=1000")
    assert amid(found) == []
    assert found[-1] == ("last", 1, 6)


def test_an_end_of_an_epoch_is_left_out_where_saving_takes_long(
    saves: Saves, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Keep._write_last

    def slow(keep: Keep, trainer: Any) -> None:
        whole(keep, trainer)
        keep.cost = 1e6

    monkeypatch.setattr(Keep, "_write_last", slow)
    found = saves("save_interval=1000", "trainer.max_epochs=4")
    assert [epoch for name, epoch, _ in found if name == "last"] == [0, 3]


def keep(mode: str = "min") -> tuple[Keep, Any]:
    """The callback alone, and a trainer that notes what is saved."""
    callback = Keep(Path("run"), {"metric": "val/loss", "mode": mode}, 1000, {}, Stop())
    saved: list[str] = []
    trainer = SimpleNamespace(saved=saved, save_checkpoint=lambda path: saved.append(path.stem), world_size=1)
    facts = {"should_stop": False, "max_steps": -1, "global_step": 1, "max_epochs": 99, "current_epoch": 0}
    vars(trainer).update(facts)
    callback.cost = 1e6
    return callback, trainer


@pytest.mark.parametrize(
    ("mode", "scores", "better"),
    [("min", [3, 2, 2, 2.5, 1], [0, 1, 4]), ("max", [3, 2, 3, 4], [0, 3])],
)
def test_best_is_what_is_strictly_better(mode: str, scores: list[float], better: list[int]) -> None:
    callback, trainer = keep(mode)
    written = []
    for epoch, score in enumerate(scores):
        trainer.callback_metrics = {"val/loss": torch.tensor(score)}
        callback.on_train_epoch_end(trainer, None)  # type: ignore[arg-type]
        if "best" in trainer.saved:
            written.append(epoch)
        trainer.saved.clear()
    assert written == better


def test_an_epoch_without_a_score_is_no_better() -> None:
    callback, trainer = keep()
    trainer.callback_metrics = {}
    callback.on_train_epoch_end(trainer, None)  # type: ignore[arg-type]
    assert callback.best is None


@pytest.mark.parametrize(
    "facts", [{"should_stop": True}, {"max_steps": 1}, {"max_epochs": 1}, {"max_steps": 1, "max_epochs": -1}]
)
def test_what_ends_the_training_is_saved_whatever_it_takes(facts: dict[str, Any]) -> None:
    callback, trainer = keep()
    trainer.callback_metrics = {}
    vars(trainer).update(facts)
    callback.on_train_epoch_end(trainer, None)  # type: ignore[arg-type]
    assert trainer.saved == ["last"]
