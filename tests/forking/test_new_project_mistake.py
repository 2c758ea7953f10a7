"""What is wrong, or ends a project on the way, is one line and leaves nothing behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.forking.conftest import Begin
from tests.forking.template import FILES, commit


@pytest.mark.parametrize(
    ("words", "told"),
    {
        "none": (["mine"], "required"),
        "a digit": (["2nd", "made"], "2nd: expected letters"),
        "another letter": (["größe", "made"], "größe: expected letters"),
        "a keyword": (["class", "made"], "class: is a word of Python's"),
        "the library": (["json", "made"], "json: is a word of Python's"),
        "src": (["src", "made"], "src: means something else"),
        "test": (["test", "made"], "test: "),
        "of YAML": (["true", "made"], "true: means something else"),
        "a builtin": (["list", "made"], "list: is a word of Python's"),
        "of a tool": (["pip", "made"], "pip: means something else"),
        "a package": (["numpy", "made"], "numpy: is the name of"),
        "a part": (["model", "made"], "model: is the name of"),
        "its own": (["my-kindling", "made"], "my-kindling: holds"),
        "taken": (["mine", "taken"], "expected a new or empty folder"),
        "a file": (["mine", "taken/file"], "expected a new or empty folder"),
        "nowhere": (["mine", "no/where"], "make it first"),
        "inside": (["mine", "kindling/made"], "lies in the template"),
        "a licence": (["mine", "made", "--license=my own"], "--license: expected"),
        "no licence": (["mine", "made", "--license=none"], "--license: expected"),
        "two lines": (["mine", "made", "--description=a\nb"], "--description: expected one line"),
        "a group": (["mine", "made", "--keep=modle=cnn"], "--keep modle=cnn: expected GROUP=OPTION"),
        "an option": (["mine", "made", "--keep=model=cn"], "--keep model=cn: no such option cn"),
        "a need": (["mine", "made", "--keep=model=cnn", "--keep=experiment=best"], "needs model=lstm"),
    }.values(),
)
def test_what_is_wrong_is_one_line_and_begins_nothing(
    words: list[str], told: str, begin: Begin, tmp_path: Path
) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    code, errors = begin(*words)
    assert (code, errors.count("\n")) == (2, 1)
    assert told in errors
    assert [path for path in sorted(tmp_path.rglob("*")) if "__pycache__" not in path.parts] == before


def test_a_template_with_changes_is_refused(begin: Begin, template: Path, tmp_path: Path) -> None:
    (template / "train.py").write_text("")
    code, errors = begin("mine", "made")
    assert (code, errors.count("\n")) == (2, 1)
    assert "has changes that aren't committed (train.py" in errors
    assert not (tmp_path / "made").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a program at once")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_leaves_nothing(name: str, template: Path, tmp_path: Path) -> None:
    ruff, version = template / ".venv/bin/ruff", FILES["requirements.lock"].partition("ruff==")[2]
    ruff.parent.mkdir(parents=True)
    ruff.write_text(
        f"#!/bin/sh\n[ $1 = --version ] && exec echo {version.strip()}\necho > ../../on\nsleep 9\n"
    )
    ruff.chmod(0o755)
    (template / ".git/info/exclude").write_text(".venv\n")
    script = str(template / "scripts" / "new_project.py")
    words = [sys.executable, script, "mine", str(tmp_path / "made")]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as program:
        while not (tmp_path / "on").exists():
            assert program.poll() is None
        program.send_signal(signal.Signals[name])
        assert program.communicate()[1] == f"stopped by {name}\n"
    assert program.returncode == 128 + signal.Signals[name]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kindling", "on"]


def test_what_fails_on_the_way_leaves_nothing(begin: Begin, template: Path, tmp_path: Path) -> None:
    commit(template, {"requirements.lock": "ruff==0.0.0\n"})
    assert begin("mine", "made", PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull)[0] == 6
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kindling"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_full_disk_is_one_line_and_leaves_nothing(template: Path, tmp_path: Path) -> None:
    (template / "data.bin").write_bytes(b"\xff" * 200_000)
    commit(template, {})
    script = str(template / "scripts" / "new_project.py")
    code = f"ulimit -f 100; '{sys.executable}' '{script}' mine '{tmp_path}/made'"  # of 512 or 1024 bytes
    done = subprocess.run(["sh", "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (6, 1), done.stderr
    assert done.stderr.endswith("; mend that, and type it again\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kindling"]
