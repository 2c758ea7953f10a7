"""The doctor tells what there is and what would not work, and survives what it looks at."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kindling.package import Requirement, installed, locked
from tests.conftest import PROJECT
from tests.test_package import write_package

CRASH = "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n"
NMS = "operator torchvision::nms does not exist"
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@pytest.fixture
def part(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """A file of scripts/, as the command imports it."""
    monkeypatch.syspath_prepend(str(PROJECT / "scripts"))
    installed.cache_clear()
    yield import_module
    installed.cache_clear()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages, for this process and its children."""
    folder = tmp_path / "site"
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


@pytest.fixture
def attempts(part: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """What is told after these modules were tried."""
    package = part("diagnosis.package")

    def attempt(*modules: str, **options: float) -> list[str]:
        monkeypatch.setattr(package, "modules", lambda: modules)
        return package.attempts(**options)

    return attempt


def doctor(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROJECT / "scripts" / "doctor.py"), *words]
    return subprocess.run(command, cwd=folder, env=os.environ | variables, capture_output=True, text=True)


@posix
def test_a_torch_that_crashes_is_told_once_and_the_rest_still(tmp_path: Path) -> None:
    site = write_package(tmp_path / "site", "torch", CRASH, version="99")
    for name in ("mlflow", "wandb"):  # these take seconds
        write_package(site, name, "", version="99")
    result = doctor(tmp_path, PYTHONPATH=str(site), OMP_NUM_THREADS="4096")
    assert (result.returncode, result.stderr) == (6, "")
    everything, _, wrong = result.stdout.partition("what would not work:\n")
    [line] = wrong.splitlines()
    assert line.startswith(
        "  torch: breaks when it is imported (ends Python with SIGSEGV); type: python -m pip "
    )
    assert f"\n  torch              99 (locked: {locked()['torch']})\n" in everything
    assert "\n  OMP_NUM_THREADS    4096 (more than the " in everything
    assert "\n  numpy " in everything
    assert f"\n  working folder     {tmp_path}, " in everything
    assert not (tmp_path / "outputs").exists()


@pytest.mark.parametrize(("wrong", "code"), [([], 0), (["torch: is not installed"], 6)])
def test_the_exit_code_tells_whether_something_would_not_work(
    wrong: list[str], code: int, part: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    script = part("doctor")
    monkeypatch.setattr(script, "attempts", lambda: wrong)
    monkeypatch.setattr(script, "devices", lambda: [])
    assert script.main([]) == code
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == (f"  {wrong[0]}" if wrong else "nothing found that would not work")


def test_a_mistake_of_its_own_is_one_line(part: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    script = part("doctor")
    monkeypatch.setattr(script, "versions", lambda: [][1])
    assert script.main([]) == 1
    told = "scripts/doctor.py: IndexError: list index out of range; please tell of it\n"
    assert capsys.readouterr().err == told


def test_a_broken_package_is_named_with_the_version_that_it_needs(attempts: Any, site: Path) -> None:
    write_package(site, "torchvision", f"raise RuntimeError('{NMS}')", "torch==2.5.0", "numpy")
    [told] = attempts("torchvision", "tqdm")
    assert told.startswith(f"torchvision: breaks when it is imported (RuntimeError: {NMS}); ")
    assert f"python -m pip uninstall torchvision; it needs torch==2.5.0, got {version('torch')}" in told


def test_a_package_is_told_once_though_others_import_it(attempts: Any, site: Path) -> None:
    write_package(site, "torchvision", "raise ImportError('no')")
    write_package(site, "outer", "import torchvision")
    assert [line.partition(":")[0] for line in attempts("outer", "torchvision")] == ["torchvision"]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import time; time.sleep(600)", "takes more than 2 seconds"),
        ("import os; os._exit(3)", "ends Python with exit code 3"),
        ("raise SystemExit(4)", "SystemExit: 4"),
        ("a syntax error", "SyntaxError: "),
    ],
)
def test_an_import_that_does_not_come_back_is_told(source: str, told: str, attempts: Any, site: Path) -> None:
    write_package(site, "slow", source)
    [line] = attempts("slow", limit=2 if "sleep" in source else 60)
    assert line.startswith(f"slow: breaks when it is imported ({told}")


def test_all_that_is_used_is_tried_but_not_the_tools(part: Any, site: Path) -> None:
    write_package(site, "torchaudio", "")
    tried = part("diagnosis.package").modules()
    assert {"torch", "yaml", "PIL", "torch.utils.tensorboard", "torchaudio", "kindling.build"} <= set(tried)
    assert not {"pytest", "ruff", "types_tqdm"} & set(tried)


def test_what_does_not_fit_or_lacks_comes_with_what_to_type(part: Any, monkeypatch: Any) -> None:
    package = part("diagnosis.package")
    lacking = Requirement("nothing-of-that-name", "more", "nothing-of-that-name")
    asked = [Requirement("tqdm", "", "tqdm>=999"), Requirement("numpy", "", "numpy>=2"), lacking]
    monkeypatch.setattr(package, "requirements", lambda: asked)
    rows = {row.name: row for row in package.versions()}
    assert rows["tqdm"].wrong.startswith("tqdm: expected tqdm>=999, got 4.")
    assert rows["tqdm"].wrong.endswith(f"; type: python -m pip install tqdm=={locked()['tqdm']}")
    assert not rows["numpy"].wrong
    assert [*package.extras()] == [("more", "python -m pip install nothing-of-that-name", "")]


def test_an_outputs_that_is_a_file_is_told(part: Any, tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "outputs").write_text("mine")
    monkeypatch.chdir(tmp_path)
    rows = {row.name: row for row in part("diagnosis.machine").space()}
    assert rows["outputs/"].text == "can't be written"
    assert rows["outputs/"].wrong.startswith(f"outputs/ {tmp_path / 'outputs'}: ")
    assert not rows["working folder"].wrong
    assert [path.name for path in tmp_path.iterdir()] == ["outputs"]


def test_a_full_disk_and_a_full_memory_are_told(part: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = part("diagnosis.machine")
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=1000, total=2**30))
    wrong = [row.wrong for row in machine.space()]
    assert wrong[0] == "memory: expected 0.5 GiB free or more, got 0.00; end other programs"
    assert all(
        line.endswith("expected 0.1 GiB free or more, got 0.00; free some space") for line in wrong[1:]
    )


@pytest.mark.parametrize(("module", "row"), [("psutil", "memory"), ("platformdirs", "cache folder")])
def test_a_missing_package_leaves_it_unknown(module: str, row: str, part: Any, monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    assert [one.name for one in part("diagnosis.machine").space() if "not known" in one.text] == [row]


def test_cards_are_told_with_what_is_wrong_with_them(part: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = part("diagnosis.machine")
    cards = {"devices": [("cuda:0", "H100, 80.0 GiB")], "wrong": ["cuda:0: no"]}
    told = {"threads": 3, "version": "2", **cards}
    monkeypatch.setattr(machine, "alone", lambda *_: told)
    rows = list(machine.devices())
    assert ("cuda:0", "H100, 80.0 GiB", "") in rows
    assert ("torch's threads", "3", "") in rows
    assert [row.wrong for row in rows if row.wrong] == ["cuda:0: no"]


def test_torch_tells_its_threads_and_devices(part: Any) -> None:
    told = part("diagnosis.machine").of_torch()
    assert told["threads"] == 1
    assert told["version"]


def test_wrong_words_are_one_line(tmp_path: Path) -> None:
    result = doctor(tmp_path, "now")
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith("scripts/doctor.py: unrecognized arguments: now; ")


def test_without_the_project_it_is_one_line(tmp_path: Path) -> None:
    program = f"import sys; sys.path.insert(0, {str(PROJECT / 'scripts')!r}); import runpy; "
    command = [sys.executable, "-I", "-S", "-c", f"{program}runpy.run_module('doctor', run_name='__main__')"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (6, "", 1)
    assert "No module named 'kindling'" in result.stderr
