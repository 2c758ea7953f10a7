"""scripts/export.py: one file from a run, and a line for each mistake."""

import re
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kindling.export import place
from kindling.export.place import forms
from tests.conftest import PROJECT, run_train, runs

Called = tuple[int, str, str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a run lies below outputs/."""
    folder = tmp_path_factory.mktemp("export")
    words = ["data=wine", "debug=one_batch", "trainer=cpu", "callback=[]", "logger=[]"]
    assert run_train(folder, *words).returncode == 0
    return folder


@pytest.fixture
def call(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Called]:
    """Run the script in this process: exit code, output and errors."""

    def run(*words: str) -> Called:
        monkeypatch.chdir(folder)
        monkeypatch.syspath_prepend(str(PROJECT / "scripts"))
        monkeypatch.setattr(sys, "argv", ["scripts/export.py", *words])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(PROJECT / "scripts" / "export.py"), run_name="__main__")
        return int(ended.value.code or 0), *capsys.readouterr()

    return run


def test_a_file_is_named_after_its_run_and_not_replaced_unasked(
    call: Callable[..., Called], folder: Path
) -> None:
    (run,) = runs(folder)
    code, output, errors = call("--format", "torch_export")
    path = Path("outputs", "export", f"{run.name}.pt2")
    assert (code, output) == (0, f"{path}\n")
    assert errors.startswith("takes ")
    assert re.search(r" \(\w+, .*\); compared on \d+ rows of the test split, in batches of 1, 2, 7: ", errors)
    assert path.is_file()
    code, output, errors = call("--format", "torch_export")
    assert (code, output) == (6, "")
    assert errors.endswith("is there already; name another with --output, or add --force to replace it\n")
    assert call("--format", "torch_export", "--force")[0] == 0


def test_another_checkpoint_has_a_name_of_its_own(call: Callable[..., Called], folder: Path) -> None:
    (run,) = runs(folder)
    code, output, _ = call("--format", "torch_export", "--run", str(run / "checkpoints" / "last.ckpt"))
    assert (code, output) == (0, f"outputs/export/{run.name}-last.pt2\n")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ([], 2, "the following arguments are required: --format"),
        (["--format", "tflite"], 2, "argument --format: expected one of onnx, "),
        (["--format", "torch_export", "--output", "x.onnx"], 2, "expected a file ending in .pt2, got x.onnx"),
        (["--format", "torch_export", "--run", "nothing"], 5, "nothing: expected a run's folder"),
        (["--format", "torch_export", "--run", "https://a/b.ckpt"], 5, "got an address"),
        (["--format", "torch_export", "--output", "no/x.pt2"], 6, "got no folder no"),
    ],
)
def test_a_mistake_is_one_line(
    words: list[str], code: int, told: str, call: Callable[..., Called], folder: Path
) -> None:
    before = sorted(folder.rglob("*"))
    found, output, errors = call(*words)
    assert (found, output, errors.count("\n")) == (code, "", 1)
    assert told in errors
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("name", [name for name in forms() if name != "torch_export"])
def test_a_missing_package_is_told_with_what_to_type(
    name: str, call: Callable[..., Called], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kindling.package.has", lambda package: False)
    code, output, errors = call("--format", name)
    assert (code, output, errors.count("\n")) == (6, "", 1)
    packages = place.import_module(f"kindling.export.form.{name}").PACKAGES
    assert f"--format {name}: needs the package" in errors
    assert f"; type: python -m pip install {packages[0]}" in errors


def test_a_full_disk_leaves_nothing(
    call: Callable[..., Called], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    code, output, errors = call("--format", "torch_export", "--output", "full.pt2")
    assert (code, output) == (6, "")
    assert errors == "full.pt2: the disk is full; free some space\n"
    assert not [path for path in folder.iterdir() if "full" in path.name]
