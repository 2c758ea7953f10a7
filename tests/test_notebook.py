"""Every notebook runs from its first cell to its last, and names words that are taken."""

import ast
import json
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROJECT
from tests.stand_in import image_folder, npy

PATHS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
MOST = 40  # cells
every = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def cells(path: Path, kind: str) -> list[str]:
    book = json.loads(path.read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == kind]


def commands(path: Path) -> list[str]:
    blocks = re.findall(r"```bash\n(.*?)```", "\n".join(cells(path, "markdown")), re.DOTALL)
    return [line.partition("  #")[0].strip() for block in blocks for line in block.splitlines()]


def run_cell(source: str, names: dict[str, Any]) -> object:
    """What a notebook would show: the value of a last line that is an expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None
    return shown._repr_png_() if hasattr(shown, "_repr_png_") else repr(shown)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder of its own, and no window for pictures."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    yield
    from matplotlib import pyplot

    pyplot.close("all")


@every
@pytest.mark.usefixtures("elsewhere")
def test_every_cell_runs(path: Path) -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    for number, source in enumerate(cells(path, "code"), 1):
        try:
            run_cell(source, names)
        except Exception as error:
            error.add_note(f"{path.name}, code cell {number}:\n{source}")
            raise


@every
def test_it_is_short_and_its_cells_can_be_told_apart(path: Path) -> None:
    book = json.loads(path.read_text(encoding="utf-8"))
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"]) <= MOST


@every
def test_it_begins_by_what_it_is_and_links_to_what_there_is(path: Path) -> None:
    book = json.loads(path.read_text(encoding="utf-8"))
    assert book["cells"][0]["source"][0].startswith("# ")
    links = re.findall(r"\]\(([^)]+)\)", "\n".join(cells(path, "markdown")))
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("command", sorted({one for path in PATHS for one in commands(path)}))
def test_a_command_is_one_that_is_taken(
    command: str, mistakes: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, *words = shlex.split(command)[1:]
    if program != "train.py":
        text = (PROJECT / program).read_text(encoding="utf-8")
        options = {word for word in words if word.startswith("--")}
        assert [word for word in options if f'"{word}"' not in text] == []
        return
    monkeypatch.chdir(tmp_path)
    own_files(tmp_path)
    if "-m" in words:  # each word by its first value
        words = [re.sub(r"=(\[[^]]*\]|[^,]*),.*", r"=\1", word) for word in words if word != "-m"]
        words = [re.sub(r"=tag\(log.*", "=1e-3", word) for word in words if not word.startswith("sweep")]
    (tmp_path / "outputs").mkdir()
    words = [word for word in words if word != "resume=last"]
    assert mistakes(*words) == ""


def own_files(folder: Path) -> None:
    """What a reader has."""
    rows = [f"{n},town,{n * n}.5,{n % 2}" for n in range(40)]
    for name in ("houses.csv", "table.csv"):
        (folder / name).write_text("\n".join(["size,place,price,sold", *rows]))
    (folder / "sales.csv").write_text("sales\n" + "".join(f"{n % 7}\n" for n in range(100)))
    npy(folder)
    image_folder(folder)
    shutil.rmtree(folder / "cache", ignore_errors=True)
