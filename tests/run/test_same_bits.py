"""A run that is killed at a certain step comes to the same bits, whatever its parts have to remember."""

import signal
import sys
from pathlib import Path

import pytest

from scripts.benchmark.same import differences
from tests.copied import Ended, run_copy, signals

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows copies no process")
WORDS = [
    "data=wine",
    "data.train_rows=100",
    "callback=[learning_rate_monitor]",
    "trainer=cpu",
    "trainer.max_epochs=5",
    "save_interval=0",
]
STEP = "kindling.module.LitModule.training_step"  # four of them an epoch
CASES = {  # words, where the first life and the second are killed, and at which call
    "dropout": (["regularizer=[dropout,ema]"], STEP, 10, 2),
    "plateau": (["scheduler=plateau", "scheduler.scheduler.patience=0", "optimizer.lr=0.5"], STEP, 13, 2),
    "seldom_validated": (["+trainer.check_val_every_n_epoch=2"], STEP, 10, 2),
    "often_validated": (["+trainer.val_check_interval=2", "+trainer.accumulate_grad_batches=3"], STEP, 13, 3),
    "stopped_early": (
        ["callback=[early_stopping]", "callback.early_stopping.patience=0", "optimizer.lr=0.5"],
        "kindling.module.LitModule.test_step",
        1,
        1,
    ),
}
LONG = ("plateau", "seldom_validated", "stopped_early")


def run(folder: Path, name: str, *more: str, **before: object) -> Ended:
    return run_copy(folder, *WORDS, *more, f"hydra.run.dir={folder / name}", "resume=auto", **before)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "case", [pytest.param(one, marks=pytest.mark.full) if one in LONG else one for one in CASES]
)
def test_two_kills_change_no_bit(case: str, tmp_path: Path) -> None:
    words, target, call, second = CASES[case]
    assert run(tmp_path, "whole", *words).returncode == 0
    for again in (call, second):
        kill = signals(target, again, signal.SIGKILL)
        assert run(tmp_path, "killed", *words, before=kill).returncode == -signal.SIGKILL
    assert run(tmp_path, "killed", *words).returncode == 0
    assert list(differences(tmp_path / "killed", tmp_path / "whole")) == []


@pytest.mark.parametrize(
    "words", [["freeze=gradual"], ["freeze=body", "regularizer=[batch_norm,dropout]"]], ids=" ".join
)
def test_what_is_held_stays_so_amid_an_epoch(words: list[str], tmp_path: Path) -> None:
    learned = [word for word in words if word.startswith("regularizer")]
    assert run(tmp_path, "learned", *learned, "trainer.max_epochs=1").returncode == 0
    words = [*words, "init_from=learned"]
    assert run(tmp_path, "whole", *words).returncode == 0
    kill = signals(STEP, 7, signal.SIGKILL)
    assert run(tmp_path, "killed", *words, before=kill).returncode == -signal.SIGKILL
    assert run(tmp_path, "killed", *words).returncode == 0
    assert list(differences(tmp_path / "killed", tmp_path / "whole")) == []


def test_what_is_measured_of_the_machine_goes_on_amid_an_epoch(tmp_path: Path) -> None:
    words = ["callback=[throughput,device_statistics]"]
    kill = signals(STEP, 7, signal.SIGKILL)
    assert run(tmp_path, "killed", *words, before=kill).returncode == -signal.SIGKILL
    ended = run(tmp_path, "killed", *words)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.full
def test_a_kill_before_any_file_takes_its_name_changes_no_bit(tmp_path: Path) -> None:
    assert run(tmp_path, "whole", "trainer.max_epochs=2").returncode == 0
    for rename in range(1, 1000):
        kill = signals("pathlib.Path.replace", rename, signal.SIGKILL)
        code = run(tmp_path, f"{rename}", "trainer.max_epochs=2", before=kill).returncode
        if code == 0:
            break
        assert run(tmp_path, f"{rename}", "trainer.max_epochs=2").returncode == 0
        assert list(differences(tmp_path / f"{rename}", tmp_path / "whole")) == [], rename
    assert rename > 40
