"""scripts/show_data.py takes the words of train.py, and tells mistakes as train.py does."""

import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hydra.core.hydra_config import HydraConfig

from kindling.run.naming import run_folder
from tests.conftest import PROJECT

SCRIPT = PROJECT / "scripts" / "show_data.py"
Show = Callable[..., tuple[int, str, str]]


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Show:
    """Run the script in this process, from a folder of its own: exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    monkeypatch.setattr(HydraConfig.instance(), "cfg", None)
    monkeypatch.setenv("HYDRA_FULL_ERROR", "1")
    run_folder.cache_clear()

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", [str(SCRIPT), *words])
        code = 0
        try:
            runpy.run_path(str(SCRIPT), run_name="__main__")
        except SystemExit as ended:
            code = int(ended.code or 0)
        return code, *capsys.readouterr()

    return run


def test_the_last_line_is_the_pictures_path(show: Show, tmp_path: Path) -> None:
    code, output, errors = show("data=wine", "data.val_fraction=0.5", "augmentation=noise")
    assert (code, errors) == (0, "")
    assert output.startswith("data=wine: rows of 13 numbers")
    assert "\nval      89  50.0%\n" in output
    (picture,) = tmp_path.glob("outputs/*/*/data.png")
    assert output.splitlines()[-1] == f"picture: {picture.relative_to(tmp_path)}"


def test_it_runs_from_anywhere_and_never_imports_torch_for_a_mistake(tmp_path: Path) -> None:
    program = f"import sys; sys.argv = [{str(SCRIPT)!r}, 'data=digts']; import runpy\n"
    program += f"sys.path.insert(0, {str(SCRIPT.parent)!r})\n"
    program += "try: runpy.run_path(sys.argv[0], run_name='__main__')\n"
    program += "finally: assert not {'torch', 'pytorch_lightning', 'matplotlib'} & set(sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("data=digts: no such option, expected one of ")
    assert result.stderr.endswith("did you mean digits?\n")
    assert result.stderr.count("\n") == 1


MISTAKES = {
    "dat=wine": (2, "dat: no such setting with these words; did you mean data?"),
    "data=wine data.batch_sise=3": (2, "data.batch_sise: no such setting with these words; did you mean"),
    "data=wine augmentation=affine": (
        2,
        "augmentation=affine needs images; data=wine has rows of 13 numbers",
    ),
    "data=wine data.val_fraction=2": (2, "data.val_fraction: expected a number from 0 to below 1, got 2"),
    "data=csv data.target=y": (2, "data.path: needs a value; add data.path=…"),
    "data=csv data.path=nothing.csv data.target=y": (
        3,
        "nothing.csv: expected a CSV file, got nothing there",
    ),
    "data=csv data.path=holes.csv data.target=y": (
        3,
        "holes.csv, line 3, column x: expected a value, got none",
    ),
    "data=wine -m": (2, "scripts/show_data.py: expected words such as data=digits, and --output FILE"),
    "data=wine --outptu=x.png": (2, "scripts/show_data.py: expected words such as data=digits"),
    "data=wine --output": (2, "scripts/show_data.py: argument --output: expected one argument"),
    "data=wine --output x.jpg": (2, "--output: expected a file whose name ends in .png, got x.jpg"),
}


@pytest.mark.parametrize("words", MISTAKES)
def test_a_mistake_is_one_line_with_the_exit_code_of_its_kind(words: str, show: Show, tmp_path: Path) -> None:
    (tmp_path / "holes.csv").write_text("x,y\n1,0\n,1\n" + "2,0\n3,1\n" * 20)
    code, output, errors = show(*words.split())
    assert (code, output, errors.count("\n")) == (MISTAKES[words][0], "", 1)
    assert MISTAKES[words][1] in errors
    assert not (tmp_path / "outputs").exists()


def test_help_is_short(show: Show) -> None:
    assert show()[0] == 2
    code, output, errors = show("--help")
    assert (code, errors) == (0, "")
    assert output.startswith("usage: python scripts/show_data.py data=… [augmentation=…] [--output FILE]\n")
    assert output.count("\n") < 15


def test_only_a_file_that_was_named_is_replaced(show: Show, tmp_path: Path) -> None:
    (tmp_path / "mine.png").write_text("mine")
    (tmp_path / run_folder()).mkdir(parents=True)
    taken = tmp_path / run_folder() / "data.png"
    taken.write_text("mine")
    assert show("data=blobs")[0] == 6
    assert taken.read_text() == "mine"
    assert show("data=blobs", "data.rows=???", "--output", "mine.png")[0] == 2
    assert (tmp_path / "mine.png").read_text() == "mine"
    code, output, _ = show("--output", "mine.png", "data=blobs")
    assert (code, output.splitlines()[-1]) == (0, "picture: mine.png")
    assert (tmp_path / "mine.png").read_bytes().startswith(b"\x89PNG")
    assert show("--output=new/one.png", "data=blobs")[0] == 0
    assert (tmp_path / "new" / "one.png").exists()
