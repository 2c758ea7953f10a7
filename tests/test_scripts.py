"""scripts/run and scripts/check, as far as they go without a network."""

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.conftest import PROJECT

Result = subprocess.CompletedProcess[str]
posix = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell")


def load(path: Path) -> ModuleType:
    loader = SourceFileLoader("script", str(path))
    module = ModuleType("script")
    module.__file__ = str(path)
    loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in a path with spaces, with an environment that is up to date but for its packages."""
    folder = tmp_path / "my new project"
    (folder / "scripts").mkdir(parents=True)
    for name in ("scripts/run", "pyproject.toml", "requirements.lock"):
        (folder / name).write_bytes((PROJECT / name).read_bytes())
    return folder


@pytest.fixture
def ready(project: Path) -> Path:
    """The same with an environment whose Python is this one."""
    script = load(project / "scripts" / "run")
    script.BIN.mkdir(parents=True)
    script.PYTHON.symlink_to(sys.executable)
    script.STAMP.write_text(script.wanted())
    return project


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    def call(project: Path, *words: str, **variables: str) -> Result:
        command = [sys.executable, str(project / "scripts" / "run"), *words]
        environment = {**os.environ, **variables}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)

    return call


@posix
def test_a_command_runs_in_the_callers_folder_with_the_projects_python(
    ready: Path, run: Callable[..., Result], tmp_path: Path
) -> None:
    result = run(
        ready,
        "python",
        "-c",
        "import os, sys; print(os.getcwd(), os.environ['VIRTUAL_ENV'], *sys.argv[1:])",
        "a b",
        "c",
    )
    assert result.stdout == f"{tmp_path} {ready / '.venv'} a b c\n"
    assert result.stderr == ""


@posix
def test_the_exit_code_is_the_commands(ready: Path, run: Callable[..., Result]) -> None:
    assert run(ready, "python", "-c", "raise SystemExit(37)").returncode == 37


@posix
def test_an_unknown_command_is_one_line(ready: Path, run: Callable[..., Result]) -> None:
    result = run(ready, "pyhton", "train.py")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "pyhton: no such command" in result.stderr


@posix
@pytest.mark.parametrize("name", ["pyproject.toml", "requirements.lock"])
def test_a_changed_file_puts_the_environment_out_of_date(name: str, ready: Path) -> None:
    script = load(ready / "scripts" / "run")
    assert script.stamp() == script.wanted()
    with (ready / name).open("a") as file:
        file.write("# changed\n")
    assert script.stamp() != script.wanted()


@posix
def test_a_moved_environment_is_out_of_date(ready: Path, tmp_path: Path) -> None:
    ready.rename(tmp_path / "moved")
    script = load(tmp_path / "moved" / "scripts" / "run")
    assert script.stamp() != script.wanted()


def test_an_install_that_fails_is_one_line_and_is_begun_anew(
    project: Path, run: Callable[..., Result], tmp_path: Path
) -> None:
    for _ in range(2):
        result = run(project, "python", "--version", PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull)
        assert result.returncode == 6
        assert result.stderr.splitlines()[-1].startswith("install: failed (")
        assert "Traceback" not in result.stderr
        assert (project / ".venv" / "stamp.txt").read_text() == "unfinished"


def test_somebodys_own_environment_is_left_alone(project: Path, run: Callable[..., Result]) -> None:
    (project / ".venv").mkdir()
    (project / ".venv" / "mine.txt").write_text("mine")
    result = run(project, "python")
    assert (result.returncode, result.stderr.count("\n")) == (6, 1)
    assert [path.name for path in (project / ".venv").iterdir()] == ["mine.txt"]


def test_an_unsuitable_python_is_one_line(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    script = load(project / "scripts" / "run")
    monkeypatch.setattr(script, "sys", FakeSys((3, 9)))
    monkeypatch.setattr(script.shutil, "which", lambda *_, **__: None)
    with pytest.raises(SystemExit) as ended:
        script.use_suitable_python()
    assert ended.value.code == 6
    assert capsys.readouterr().err == "Python: expected 3.11, 3.12, 3.13, got 3.9; install one of them\n"


def test_a_suitable_python_elsewhere_takes_over(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = load(project / "scripts" / "run")
    became: list[list[str]] = []
    monkeypatch.setattr(script, "sys", FakeSys((3, 14)))
    monkeypatch.setattr(script.shutil, "which", lambda name: f"/bin/{name}" if name == "python3.12" else None)
    monkeypatch.setattr(script, "become", lambda words, _: became.append(words))
    with pytest.raises(SystemExit):
        script.use_suitable_python()
    assert became == [["/bin/python3.12", str(project / "scripts" / "run"), "pytest"]]


class FakeSys:
    """What the script asks `sys` for, with another version."""

    def __init__(self, version: tuple[int, int]) -> None:
        self.version_info = (*version, 0)
        self.argv = ["scripts/run", "pytest"]
        self.stderr, self.exit = sys.stderr, sys.exit


@posix
def test_two_at_once_install_once(project: Path, tmp_path: Path) -> None:
    program = tmp_path / "two.py"
    program.write_text(f"""
import sys, time
from importlib.machinery import SourceFileLoader
script = SourceFileLoader("script", {str(project / "scripts" / "run")!r}).load_module()
def install():
    print("installing", flush=True)
    time.sleep(1)
    script.BIN.mkdir(parents=True)
    script.PYTHON.symlink_to(sys.executable)
    script.STAMP.write_text(script.wanted())
script.install = install
script.main(["python", "-c", "print('ran')"])
""")
    command = [sys.executable, "-W", "ignore", str(program)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    outputs = [process.communicate(timeout=60)[0].split() for process in both]
    assert sorted(outputs) == [["installing", "ran"], ["ran"]]


def test_check_runs_the_tests_by_the_readmes_words() -> None:
    script = load(PROJECT / "scripts" / "check")
    assert script.test_command() == "scripts/run pytest"


def test_check_refuses_what_it_does_not_know() -> None:
    command = [sys.executable, str(PROJECT / "scripts" / "check"), "--ful"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (2, "scripts/check: expected nothing or --full, got --ful\n")


@posix
def test_scripts_are_executable() -> None:
    assert all(os.access(PROJECT / name, os.X_OK) for name in ("scripts/run", "scripts/check", ".ci/run"))
