"""Training from Python: what train.py does, and nothing of it left in the process."""

import json
import logging
import os
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig

import kindling
from kindling.error import ConfigError, NotFiniteError, SweepError, UserError
from kindling.run.trained import Trained
from tests.conftest import SMALL, Train, runs, status

WORDS = [*SMALL, "model.hidden=[8]", "trainer=cpu", "threads=1"]


@pytest.fixture(autouse=True)
def caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_it_leaves_what_the_command_leaves(train: Train, tmp_path: Path) -> None:
    run = kindling.train(*WORDS)
    assert train(*WORDS).returncode == 0
    assert run.folder in runs(tmp_path)
    (other,) = (folder for folder in runs(tmp_path) if folder != run.folder)
    assert run.metrics == json.loads((other / "metrics.json").read_text())
    assert {path.name for path in run.folder.iterdir()} == {path.name for path in other.iterdir()}
    for name in ("config.yaml", "command.txt"):
        assert (run.folder / name).read_bytes() == (other / name).read_bytes()
    assert status(run.folder)["overrides"] == status(other)["overrides"] == WORDS


def test_the_next_run_has_a_folder_and_a_log_of_its_own() -> None:
    first, second = (kindling.train(*WORDS, "callback=[]") for _ in range(2))
    assert first.folder != second.folder
    assert first.metrics == second.metrics
    logs = [(run.folder / "log.txt").read_text() for run in (first, second)]
    assert [log.count("epoch 3: ") for log in logs] == [1, 1]


def test_the_process_is_as_it_was() -> None:
    root, lightning = logging.getLogger(), logging.getLogger("pytorch_lightning")

    def state() -> list[Any]:
        loggers = [(one.handlers[:], one.level, one.propagate) for one in (root, lightning)]
        hydra = GlobalHydra.instance().hydra, HydraConfig.instance().cfg
        return [
            loggers,
            hydra,
            sys.argv[:],
            warnings.filters[:],
            warnings.showwarning,
            logging.raiseExceptions,
        ]

    before = state()
    kindling.train(*WORDS, "callback=[]")
    with pytest.raises(ConfigError):
        kindling.train("model=none")
    assert state() == before


def test_mistakes_are_told_at_once_before_anything_is_imported(tmp_path: Path) -> None:
    program = """
import sys, kindling
assert not {"torch", "hydra", "numpy"} & set(sys.modules)
try:
    kindling.train("model=ml", "optimizer.lr=-1")
except kindling.error.ConfigError as error:
    print(error, *error.__notes__, *error._render_traceback_(), sep="\\n")
assert "torch" not in sys.modules
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path)
    model, rate, *shown = result.stdout.splitlines()
    assert result.stderr == ""
    assert model.endswith("; did you mean mlp?")
    assert rate == "optimizer.lr: expected a number above 0, got -1; write optimizer.lr=1e-3"
    assert shown == [f"ConfigError: {model}", rate]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-m", "model=mlp,cnn"], "-m: expected the words of one run; call kindling.train_all"),
        (["seeds=2"], "seeds=2: expected one run, got a sweep; call kindling.train_all"),
        (["model=mlp,cnn"], "model=mlp,cnn: several values need -m"),
        (["--cfg"], "expected words such as 'model=cnn', each by itself, got '--cfg'"),
        ([["model=cnn"]], "expected words such as 'model=cnn', each by itself, got ['model=cnn']"),
        ([*WORDS, "check=true"], "check: expected words that train, got check=true; leave it out"),
    ],
)
def test_what_is_no_run_is_refused(words: list[str], told: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        kindling.train(*words)
    assert str(caught.value).startswith(told)
    assert runs(tmp_path) == []


def test_a_run_that_fails_raises_and_is_recorded(tmp_path: Path) -> None:
    with pytest.raises(NotFiniteError, match="expected a finite number"):
        kindling.train("data=diabetes", "optimizer=sgd", "optimizer.lr=1e30", "trainer=cpu", "logger=[]")
    assert status(runs(tmp_path)[0])["exit_code"] == 4


def test_a_bug_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kindling.module.LitModule.training_step", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        kindling.train(*WORDS, "callback=[]")


def test_a_thread_may_train_as_well() -> None:
    with ThreadPoolExecutor(1) as pool:
        run: Trained = pool.submit(kindling.train, *WORDS, "callback=[]").result()
    assert status(run.folder)["status"] == "done"


def test_last_goes_on() -> None:
    run = kindling.train(*WORDS)
    longer = kindling.train("resume=last", "trainer.max_epochs=5")
    assert longer.folder == run.folder
    assert len(longer.epochs) == 5


def test_a_sweep_is_that_of_the_command(train: Train, capsys: pytest.CaptureFixture[str]) -> None:
    words = [*WORDS, "callback=[]", "optimizer=sgd,adam"]
    sweep = kindling.train_all(*words)
    assert [row["optimizer"] for row in sweep.rows] == [run.words["optimizer"] for run in sweep.runs]
    assert {run.words["optimizer"] for run in sweep.runs} == {"sgd", "adam"}
    assert sweep.best.metrics["val/loss"] == min(run.metrics["val/loss"] for run in sweep.runs)
    capsys.readouterr()
    again = train("-m", *words)
    assert "2 done" in again.stdout, again.stderr
    assert str(sweep) in again.stdout


def test_a_sweep_with_a_job_that_fails_tells_it() -> None:
    with pytest.raises(SweepError, match="1 of 2 jobs are not done") as caught:
        kindling.train_all(
            "data=diabetes", "optimizer=sgd", "optimizer.lr=0.01,1e30", "debug=limit", "trainer=cpu"
        )
    (note,) = caught.value.__notes__
    assert "optimizer.lr=1e+30" in note


def test_a_package_without_its_project_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("kindling.check.here.PROGRAM", tmp_path / "train.py")
    with pytest.raises(UserError, match="not there, which trains; in the project: pip install -e"):
        kindling.train("model=cnn")


def test_a_program_anywhere_finds_the_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    from kindling.check.words import PROJECT, conf

    monkeypatch.setattr(sys, "argv", [os.devnull])
    assert conf() == PROJECT / "conf"
