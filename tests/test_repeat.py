"""scripts/repeat.py: a run once more, and whether it came to the same."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from kindling.error import RunError
from kindling.run.repeat import first_difference, is_same, prepare, tell
from kindling.run.table import Column
from tests.conftest import PROJECT, run_train, runs, status

COMMAND = [sys.executable, "-W", "ignore", str(PROJECT / "scripts" / "repeat.py")]
WORDS = [
    "data=wine",
    "model.hidden=[8]",
    "trainer.max_epochs=2",
    "trainer=cpu",
    "callback=[]",
    "logger=[csv]",
]
Repeat = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that is done, in a folder with a blank and a quote in its name."""
    folder = tmp_path_factory.mktemp("repeat") / "it's mine"
    folder.mkdir()
    assert run_train(folder, *WORDS).returncode == 0
    (run,) = runs(folder)
    return run


@pytest.fixture
def run(done: Path, tmp_path: Path) -> Path:
    """A copy of it, which a test may change."""
    return Path(shutil.copytree(done, tmp_path / "it's mine" / "outputs" / "day" / "run"))


@pytest.fixture
def repeat(tmp_path: Path) -> Repeat:
    def call(*words: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        folder = tmp_path / "it's mine"
        return subprocess.run([*COMMAND, *words], cwd=folder, env=environment, capture_output=True, text=True)

    return call


def change(path: Path, **facts: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **facts}))


def text(run: Path, again: Path) -> str:
    parts = tell(run, again)
    return "\n".join(part if isinstance(part, str) else str(part) for part in parts)


def test_a_run_comes_to_the_same_bits(run: Path, repeat: Repeat, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    result = repeat()
    assert result.returncode == 0, result.stderr
    (again,) = (one for one in runs(tmp_path / "it's mine") if one != run)
    assert result.stdout.splitlines()[-1].startswith(f"the same, bit for bit: all 7 metrics of {again}, ")
    assert (again / "metrics.csv").read_bytes() == (run / "metrics.csv").read_bytes()
    assert status(again)["status"] == "done"
    assert "torch" in json.loads((again / "environment.json").read_text())["packages"]
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before


@pytest.mark.full
def test_what_the_run_left_counts_and_not_the_words(run: Path, repeat: Repeat) -> None:
    path = run / "config.yaml"
    config = yaml.safe_load(path.read_text())
    config["model"]["hidden"] = [5]  # as if conf/ had been changed since then
    path.write_text(yaml.safe_dump(config, sort_keys=False))
    change(run / "environment.json", machine={"name": "elsewhere", "threads": "8"})
    result = repeat("--run", str(run), "--output", "again")
    assert result.returncode == 4, result.stderr
    again = run.parents[2] / "again"
    assert yaml.safe_load((again / "config.yaml").read_text())["model"]["hidden"] == [5]
    assert f"not the same, from epoch 1 on: first is {run}, second {again}\n" in result.stdout
    assert "test/loss" in result.stdout
    for fact in ("machine.name", "machine.threads"):
        assert fact in result.stdout


def test_the_first_epoch_that_differs_is_told(run: Path, done: Path) -> None:
    assert is_same(done, run)
    names, first, second = (run / "metrics.csv").read_text().splitlines()
    for lines, epoch in {
        (names, first, f"{second}1"): 2,
        (names, first): 2,
        (f"{names}x", first, second): 1,
        (names, first, second): None,
    }.items():
        (run / "metrics.csv").write_text("\n".join([*lines, ""]))
        assert first_difference(done, run) == epoch
        assert is_same(done, run) == (epoch is None)
    (run / "metrics.csv").unlink()
    assert first_difference(run, run) is None  # without the logger
    shutil.copy(done / "metrics.csv", run)
    metrics = json.loads((run / "metrics.json").read_text())
    change(run / "metrics.json", **{"test/loss": metrics["test/loss"] * (1 + 2e-16)})
    assert not is_same(done, run)
    assert text(done, run).startswith("not the same: first is ")
    assert text(done, run).endswith("environment: no difference that is recorded")


def test_other_code_packages_and_data_are_told(run: Path, done: Path) -> None:
    (run / "metrics.csv").write_text("epoch\n")
    known = json.loads((run / "environment.json").read_text())
    packages = {**known["packages"], "torch": "1.0"}
    change(
        run / "environment.json",
        git={"commit": "abc", "diff": "+x"},
        packages=packages,
        data={**known["data"], "sha256": "0"},
    )
    *_, environment = tell(done, run)
    assert isinstance(environment, Column | list)
    assert {"git.commit", "packages.torch", "data.sha256"} <= {*environment[0].cells}


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (
            {"status": "stopped"},
            "expected a run that is done, with its metrics.json, got one that is stopped",
        ),
        ({"overrides": ["hydra.job.chdir=true"]}, "expected settings among its overrides, got 'hydra"),
    ],
)
def test_a_run_that_cannot_be_repeated_is_told(
    facts: dict[str, Any], told: str, run: Path, tmp_path: Path
) -> None:
    change(run / "status.json", **facts)
    with pytest.raises(RunError, match=told):
        prepare(run, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_folder_in_use_and_settings_that_run_something_are_refused(run: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="expected a new or empty folder"):
        prepare(run, run.parent)
    path = run / "config.yaml"
    path.write_text(path.read_text().replace("kindling.model.mlp.MLP", "os.system"))
    with pytest.raises(RunError, match=r"model\._target_: expected a class of kindling"):
        prepare(run, tmp_path / "again")
    assert not (tmp_path / "again").exists()


@pytest.mark.full
def test_what_train_refuses_ends_it(run: Path, repeat: Repeat) -> None:
    path = run / "config.yaml"
    path.write_text(path.read_text().replace("name: wine", "name: nothing"))
    result = repeat("--run", str(run), "--output", "again")
    assert (result.returncode, result.stderr.count("\n")) == (3, 1)
    assert "nothing.csv.gz: expected a CSV file" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.full
def test_a_signal_stops_both(run: Path, tmp_path: Path) -> None:
    path = run / "config.yaml"
    path.write_text(path.read_text().replace("max_epochs: 2", "max_epochs: 100000"))
    again = tmp_path / "again"
    process = subprocess.Popen(
        [*COMMAND, "--run", str(run), "--output", str(again)], stderr=subprocess.PIPE, text=True
    )
    try:
        limit = time.monotonic() + 120
        while not (again / "metrics.csv").exists() and time.monotonic() < limit:
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 143, errors
    assert (status(again)["status"], errors.count("\n")) == ("stopped", 1)
