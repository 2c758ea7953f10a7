"""A run is found by its folder, by a file of its checkpoints, or as the last one."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kindling.error import RunError
from kindling.run.find import find_checkpoint, find_run, read_config
from tests.sweep.made import leave_sweep


def make_run(folder: Path, began: int, *files: str) -> Path:
    """A run that began at such a second, with these files beside those that all have."""
    for name in ("status.json", "config.yaml", *files):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
        os.utime(folder / name, (began, began))
    return folder


BEST = "checkpoints/best.ckpt"


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The caller's outputs/: a single run, a sweep of twelve jobs, and a run that has just begun."""
    monkeypatch.chdir(tmp_path)
    make_run(Path("outputs/2026-02-01/10-00-00-aaaaaa"), 100, BEST)
    for job in range(12):
        make_run(Path(f"outputs/2026-01-01/09-00-00-bbbbbb/{job}"), 200 + job, BEST)
    make_run(Path("outputs/2026-01-01/08-00-00-cccccc"), 300)
    other = Path("outputs/2026-03-01/10-00-00-aaaaaa/wandb/files")
    other.mkdir(parents=True)
    (other / "config.yaml").touch()
    return Path("outputs")


def test_the_last_run_is_the_one_that_began_last(outputs: Path) -> None:
    assert find_run("last") == outputs / "2026-01-01/08-00-00-cccccc"


def test_the_last_checkpoint_passes_over_a_run_that_has_none_yet(outputs: Path) -> None:
    assert find_checkpoint("last") == outputs / "2026-01-01/09-00-00-bbbbbb/11" / BEST


def test_a_folder_or_any_file_of_a_run_names_it(outputs: Path) -> None:
    run = outputs / "2026-02-01/10-00-00-aaaaaa"
    (run / "checkpoints/last.ckpt").touch()
    for name in (run, run / BEST, run / "checkpoints/last.ckpt", run / "config.yaml", run.absolute()):
        assert find_run(str(name)).samefile(run)
    assert find_checkpoint(str(run)) == run / BEST
    assert find_checkpoint(str(run / "checkpoints/last.ckpt")) == run / "checkpoints/last.ckpt"


def test_what_cannot_be_used_is_told_in_one_line(outputs: Path) -> None:
    sweep, young = outputs / "2026-01-01/09-00-00-bbbbbb", outputs / "2026-01-01/08-00-00-cccccc"
    Path("alone.ckpt").touch()
    for find in (find_run, find_checkpoint):
        with pytest.raises(RunError, match=r"nothing: expected a run's folder.*, got nothing there") as told:
            find("nothing")
        assert told.value.exit_code == 5
        with pytest.raises(RunError, match=r"name one of its jobs, such as .*bbbbbb.0$"):
            find(str(sweep))
    with pytest.raises(RunError, match=r"expected a run with checkpoints/best.ckpt, got none in"):
        find_checkpoint(str(young))
    with pytest.raises(RunError, match=r"alone.ckpt: expected a run with a config.yaml, got none in \."):
        find_run("alone.ckpt")
    assert find_checkpoint("alone.ckpt") == Path("alone.ckpt")


@pytest.mark.parametrize("find", [find_run, find_checkpoint])
@pytest.mark.parametrize(
    "name",
    ["http://example.com/x.ckpt", "HTTPS://x/y", "s3://bucket/x.ckpt", "file:///x.ckpt", "filecache::s3://x"],
)
def test_an_address_is_no_run(find: Callable[[str], Path], name: str, outputs: Path) -> None:
    with pytest.raises(
        RunError, match=r"^\S+: expected a run's folder, .* got an address; fetch the file"
    ) as told:
        find(name)
    assert told.value.exit_code == 5


def test_without_any_run_last_is_told_where_it_looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RunError, match=r"last: expected a run with config.yaml below .*outputs, got none"):
        find_run("last")


def test_settings_that_are_damaged_are_told(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    for text, told in {
        "a: [": "can't be read",
        "": "got none of data, task, model",
        "data: {}": "got none of task, model",
    }.items():
        path.write_text(text)
        with pytest.raises(RunError, match=told):
            read_config(tmp_path)
    path.write_text("{data: {}, task: {}, model: {}, optimizer: {lr: 1}, trainer: {}, monitor: {}}")
    assert read_config(tmp_path)["optimizer"] == {"lr": 1}


def test_settings_that_would_run_something_are_told(tmp_path: Path) -> None:
    parts = "data: {}, task: {}, optimizer: {}, trainer: {}, monitor: {}"
    path = tmp_path / "config.yaml"
    for model, told in {
        "{_target_: os.system, command: id}": "model._target_: expected a class of .* got os.system",
        "{hidden: '${oc.env:HOME}'}": "model.hidden: expected a resolved value",
        "&a [*a]": "can't be read",
    }.items():
        path.write_text(f"{{{parts}, model: {model}}}")
        with pytest.raises(RunError, match=told) as refused:
            read_config(tmp_path)
        assert str(refused.value).startswith(f"{path}: ")


def test_the_weights_of_a_sweep_are_those_of_its_best_job(tmp_path: Path) -> None:
    sweep = leave_sweep(tmp_path / "s", {0.1: [0.5, 0.6], 0.2: [0.3, 0.4], 0.3: [None, 0.1]})
    (sweep / "002-00000002" / BEST).touch()
    assert find_checkpoint(str(sweep)) == sweep / "002-00000002" / BEST
    with pytest.raises(RunError, match=r"name one of its jobs, such as .*002-00000002$"):
        find_run(str(sweep))
