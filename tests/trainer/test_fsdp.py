"""Several processes share out one network: the same numbers as each with all of it, and runs that go on."""

import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kindling.error import RunError
from kindling.predictor import load
from kindling.run.store import read_checkpoint
from kindling.run.verify import fault
from scripts.benchmark.same import differences, differing
from tests.conftest import Train
from tests.test_several_processes import start_and_stop

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="gloo under Windows needs a set-up of its own"
)
ON_CPU = ["trainer.accelerator=cpu", "data.train_rows=200", "callback=[]"]
WORDS = ["model=cnn", "regularizer=[batch_norm,dropout,grad_clip]", "optimizer=sgd", *ON_CPU]


def shares(run: Path, of: str = "last.ckpt") -> list[dict[str, Any]]:
    """What each process kept of a checkpoint."""
    folder = run / "checkpoints" / read_checkpoint(run / "checkpoints" / of)["shares"]
    return [read_checkpoint(folder / f"rank-{rank}.ckpt") for rank in (0, 1)]


@pytest.mark.full
@pytest.mark.parametrize("words", [[], ["optimizer=rmsprop", "scheduler=plateau"]])
def test_it_goes_on_to_the_same_bits(words: list[str], train: Train, tmp_path: Path) -> None:
    words = [*WORDS, *words, "trainer=fsdp", "trainer.max_epochs=8", "save_interval=0", "resume=auto"]
    code, errors = start_and_stop(tmp_path, [*words, "hydra.run.dir=run"], signal.SIGTERM, group=False)
    assert (code, errors) == (143, "stopped by SIGTERM; go on: python train.py resume=run\n")
    for folder in ("run", "whole"):
        result = train(*words, f"hydra.run.dir={folder}")
        assert result.returncode == 0, result.stderr
    run, reference = tmp_path / "run", tmp_path / "whole"
    assert [one for one in differences(run, reference) if "shares" not in one] == []
    assert list(differing("shares", shares(run), shares(reference))) == []

    assert len(list((run / "checkpoints").glob("shares-*"))) == 2  # of last.ckpt and its predecessor
    whole = read_checkpoint(run / "checkpoints" / "best.ckpt")["state_dict"]
    halves = [share["state_dict"]["net.head.weight"]["share"] for share in shares(run)]
    assert [len(half) for half in halves] == [len(whole["net.head.weight"]) / 2] * 2
    assert load(run).module.net.head.weight.equal(whole["net.head.weight"])
    with pytest.raises(RunError, match=r"name best\.ckpt beside it"):
        load(run / "checkpoints" / "last.ckpt")


@pytest.mark.full
@pytest.mark.parametrize(
    "words", [WORDS, ["model=lstm", *ON_CPU], ["+trainer.accumulate_grad_batches=2", *ON_CPU]]
)
def test_it_measures_what_ddp_measures(words: list[str], train: Train, tmp_path: Path) -> None:
    for trainer in ("ddp", "fsdp"):
        result = train(*words, f"trainer={trainer}", f"hydra.run.dir={trainer}", "trainer.max_epochs=2")
        assert result.returncode == 0, result.stderr
    one, other = (json.loads((tmp_path / name / "metrics.json").read_text()) for name in ("ddp", "fsdp"))
    assert one == pytest.approx(other, rel=1e-3)


@pytest.mark.full
def test_a_damaged_share_is_skipped_for_the_state_before(train: Train, tmp_path: Path) -> None:
    result = train(*WORDS, "trainer=fsdp", "trainer.max_epochs=2", "save_interval=0", "hydra.run.dir=run")
    assert result.returncode == 0, result.stderr
    last = tmp_path / "run" / "checkpoints" / "last.ckpt"
    damaged = last.parent / read_checkpoint(last)["shares"] / "rank-1.ckpt"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"x")
    assert damaged.name in str(fault(last))
    result = train("resume=run", "trainer.max_epochs=3")
    assert result.returncode == 0, result.stderr
    assert "skipped: " in result.stdout
    assert fault(last) is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["trainer=fsdp", "regularizer=[l1]"], "trainer=fsdp: l1 needs whole weights"),
        (["trainer=fsdp", "regularizer=[ema]"], "trainer=fsdp: ema needs whole weights"),
        (["trainer=fsdp", "regularizer=[max_norm]"], "trainer=fsdp: max_norm needs whole weights"),
        (["trainer=fsdp", "optimizer=muon"], "trainer=fsdp: muon needs whole weights"),
        (["trainer=fsdp", "optimizer=lbfgs"], "optimizer=lbfgs: searches in one process"),
        (["trainer=ddp", "optimizer=lbfgs"], "optimizer=lbfgs: searches in one process"),
        (["+trainer.strategy=model_parallel"], "write trainer=fsdp"),
    ],
)
def test_what_cant_be_right_is_told(words: list[str], expected: str, mistakes: Callable[..., str]) -> None:
    told = mistakes(*words)
    assert expected in told
    assert "\n" not in told
