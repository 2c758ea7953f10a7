"""The two commands that find a setting: one word on standard output, and the run stays as it is."""

import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import yaml
from omegaconf import DictConfig

from kindling.check.words import own, plain
from kindling.data.base import DataModule
from kindling.error import MachineError, NotFiniteError
from tests.conftest import PROJECT

SCRIPTS = PROJECT / "scripts"
Find = Callable[..., tuple[int, str, str]]


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Both scripts as modules."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    names = ("find_lr", "find_batch_size")
    return SimpleNamespace(
        **{name: SimpleNamespace(**runpy.run_path(str(SCRIPTS / f"{name}.py"))) for name in names}
    )


@pytest.fixture
def run(
    composed: Callable[..., DictConfig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Path]:
    """A run that left its settings below outputs/ of the folder where the commands are called."""
    monkeypatch.chdir(tmp_path)

    def leave(*words: str) -> Path:
        folder = tmp_path / "outputs" / "2026-01-01" / "10-00-00-abcdef"
        folder.mkdir(parents=True)
        cfg = composed("trainer=cpu", "model.hidden=[8]", *words)
        (folder / "config.yaml").write_text(yaml.safe_dump(plain(own(cfg))))
        (folder / "status.json").write_text("{}")
        return folder

    return leave


@pytest.fixture
def find(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Find:
    """Run a script in this process: exit code, output and errors."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    monkeypatch.setenv("HYDRA_FULL_ERROR", "1")

    def call(name: str, *words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", [str(SCRIPTS / f"{name}.py"), *words])
        code = 0
        try:
            runpy.run_path(str(SCRIPTS / f"{name}.py"), run_name="__main__")
        except SystemExit as ended:
            code = int(ended.code or 0)
        return code, *capsys.readouterr()

    return call


def content(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "words", [[], ["optimizer=sgd", "scheduler=onecycle"], ["optimizer=muon"]], ids=" ".join
)
def test_the_rate_is_one_word_to_paste(
    words: list[str],
    run: Callable[..., Path],
    find: Find,
    composed: Callable[..., DictConfig],
    tmp_path: Path,
) -> None:
    run("data=wine", *words)
    before = content(tmp_path)
    code, output, errors = find("find_lr")
    assert code == 0, errors
    assert output.endswith("\n")
    assert len(output.split()) == 1
    assert 1e-5 < composed(output.strip()).optimizer.lr < 1
    assert content(tmp_path) == before


def test_the_batch_size_is_one_word_to_paste(
    run: Callable[..., Path], find: Find, composed: Callable[..., DictConfig], tmp_path: Path
) -> None:
    folder = run("data=wine")  # wine alone
    before = content(tmp_path)
    code, output, errors = find("find_batch_size", "--run", str(folder))
    assert code == 0, errors
    assert composed(output.strip()).data.batch_size in (16, 32, 64)
    assert "batch size 16: " in errors
    assert content(tmp_path) == before


def test_what_the_data_prints_is_no_word_to_paste(
    run: Callable[..., Path], find: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = DataModule.setup

    def loud(data: DataModule, stage: str | None = None) -> None:
        print("decoding")
        setup(data, stage)

    monkeypatch.setattr(DataModule, "setup", loud)
    run("data=wine")
    code, output, errors = find("find_lr")
    assert (code, len(output.split())) == (0, 1)
    assert "decoding" in errors


def test_both_end_in_one_line_where_there_is_nothing_to_use(run: Callable[..., Path], find: Find) -> None:
    folder = run("data=wine", "optimizer=lbfgs")
    code, output, errors = find("find_lr")
    assert (code, output) == (2, "")
    assert errors.splitlines()[-1].startswith("optimizer: LBFGS searches the length of its steps itself")
    (folder / "config.yaml").write_text("data: {}\n")
    for name in ("find_lr", "find_batch_size"):
        assert find(name, "--run", "nothing")[:2] == (5, "")
        code, output, errors = find(name)
        assert (code, output, errors.count("\n")) == (5, "", 1)
        assert "expected the settings of a run, got none of task, model" in errors
        code, output, errors = find(name, "--rum")
        assert (code, output, errors.count("\n")) == (2, "", 1)
        code, output, errors = find(name, "--help")
        assert code == 0
        assert "exit codes: 0 found" in output


@pytest.mark.parametrize("name", ["find_lr", "find_batch_size"])
def test_a_run_of_somebody_elses_runs_nothing(name: str, run: Callable[..., Path], find: Find) -> None:
    folder = run("data=wine")
    trace = folder.parent / "trace"
    path = folder / "config.yaml"
    config = yaml.safe_load(path.read_text())
    config["callback"]["evil"] = {"_target_": "builtins.open", "file": str(trace), "mode": "w"}
    path.write_text(yaml.safe_dump(config))
    code, output, errors = find(name)
    assert (code, output, errors.count("\n")) == (5, "", 1)
    assert "callback.evil._target_: expected a class of kindling" in errors
    assert not trace.exists()
    code, output, errors = find(name, "--run", "https://example.com/best.ckpt")
    assert (code, output, errors.count("\n")) == (5, "", 1)
    assert "got an address; fetch the file, and name that" in errors


def test_the_steepest_fall_is_found_through_the_noise(scripts: SimpleNamespace) -> None:
    rates = list(np.geomspace(1e-6, 10, 200))
    noise = np.random.default_rng(0).normal(0, 0.05, 200)
    fall = 2 / (1 + (np.array(rates) / 0.01) ** 2) + 0.2
    rise = np.where(np.array(rates) > 0.3, (np.array(rates) - 0.3) * 10, 0)
    assert 0.003 < scripts.find_lr.steepest(rates, list(fall + rise + noise)) < 0.03
    with pytest.raises(NotFiniteError, match="the loss falls at no rate"):
        scripts.find_lr.steepest(rates, list(2 + noise / 5 + rise))


SPEEDS: dict[str, tuple[dict[int, Any], int]] = {
    "it stops gaining": ({16: 100, 32: 180, 64: 190, 128: 900}, 32),
    "rows end": ({16: 100, 32: 200, 64: 400, 128: 800, 256: 1600}, 256),
    "memory ends": ({16: 100, 32: 200, 64: RuntimeError("CUDA out of memory. Tried")}, 32),
    "an allocator refuses": ({16: 100, 32: MemoryError()}, 16),
}


@pytest.mark.parametrize("why", SPEEDS)
def test_the_size_doubles_until(why: str, scripts: SimpleNamespace) -> None:
    speeds, expected = SPEEDS[why]
    tried: list[int] = []

    def measure(size: int) -> float:
        tried.append(size)
        if isinstance(speeds[size], Exception):
            raise speeds[size]
        return float(speeds[size])

    assert scripts.find_batch_size.grow(500, measure) == expected
    assert tried == sorted(set(tried))


def test_no_room_for_the_smallest_batch_is_told_and_a_bug_is_not_hidden(scripts: SimpleNamespace) -> None:
    def fail(error: Exception) -> Callable[[int], float]:
        def measure(size: int) -> float:
            raise error

        return measure

    with pytest.raises(MachineError, match="memory: expected room for a batch of 16 rows"):
        scripts.find_batch_size.grow(500, fail(MemoryError()))
    with pytest.raises(RuntimeError, match="a bug"):
        scripts.find_batch_size.grow(500, fail(RuntimeError("a bug")))
