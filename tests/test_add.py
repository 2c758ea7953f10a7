"""scripts/add.py: what it writes passes at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.added import copied
from tests.conftest import run_train

LONG = "a" * 30
ADDED = {  # what a new user might call it, and names that are as short and as long as can be
    "model": ["my_network", "b", LONG],
    "data": ["orchard", LONG],
    "task": ["visits"],
    "loss": ["smooth", LONG],
    "metric": ["near_enough", LONG],
    "optimizer": ["largest"],
    "regularizer": ["at_right_angles", LONG],
    "callback": ["steep", LONG],
    "experiment": ["first"],
}
LIKE = {"b": ["--like", "linear"], LONG: []}


def call(copy: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([str(copy / "src"), str(copy / "scripts")])
    environment = {**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1", **variables}
    return subprocess.run([sys.executable, *words], cwd=copy, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The project with something of each kind, and what was printed."""
    copy = copied(tmp_path_factory.mktemp("added"))
    lines = [[kind, name, *LIKE.get(name, [])] for kind, names in ADDED.items() for name in names]
    result = call(copy, "-c", f"import add\nfor words in {lines}: add.main(words)")
    assert result.returncode == 0, result.stderr
    return copy, result.stdout


def files(kind: str, name: str) -> list[str]:
    found = [f"conf/{kind}/{name}.yaml", f"src/kindling/{kind}/{name}.py", f"tests/{kind}/test_{name}.py"]
    if kind in ("optimizer", "experiment"):
        return found[:1]
    return found[1:] if kind in ("loss", "metric") else found


EACH = [(kind, name) for kind, names in ADDED.items() for name in names]


@pytest.mark.parametrize(("kind", "name"), EACH)
def test_it_writes_its_files_under_its_own_name(kind: str, name: str, added: tuple[Path, str]) -> None:
    copy, printed = added
    for file in files(kind, name):
        assert file in printed.splitlines()
        text = (copy / file).read_text()
        assert not {"example", "Example", "subclass", "Subclass", "moons."} & set(text.split())


def test_it_passes_the_linters(added: tuple[Path, str]) -> None:
    for words in (["check"], ["format", "--check"]):
        result = call(added[0], "-m", "ruff", *words, "--no-cache", ".")
        assert result.returncode == 0, result.stdout


def test_its_tests_pass(added: tuple[Path, str]) -> None:
    tests = [file for kind, name in EACH for file in files(kind, name) if file.startswith("tests/")]
    result = call(added[0], "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", *tests)
    assert result.returncode == 0, result.stdout


@pytest.mark.full
def test_the_tests_of_all_options_pass(added: tuple[Path, str]) -> None:
    named = "names_every_option or fresh or same_path or triples or says_what_it_is"
    words = [" or ".join([named, *(name for names in ADDED.values() for name in names if len(name) > 1)])]
    tests = ["tests/test_conf.py", "tests/test_readme.py", "tests/check/test_schema.py"]
    result = call(added[0], "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", "-k", *words, *tests)
    assert result.returncode == 0, result.stdout


def test_what_it_says_to_type_trains(added: tuple[Path, str], tmp_path: Path) -> None:
    copy, printed = added
    tries = [line.partition("train.py ")[2] for line in printed.splitlines() if "train.py " in line]
    assert len(tries) == len(EACH)
    words = ["model=my_network", "regularizer=[at_right_angles]", "callback=[steep,progress]"]
    words += ["data=orchard", "optimizer=largest"]
    assert {*words} <= {word.strip("'") for one in tries for word in one.split()}
    result = run_train(
        tmp_path, *words, "debug=limit", program=copy / "train.py", PYTHONPATH=str(copy / "src")
    )
    assert result.returncode == 0, result.stderr
    assert "train/steep" in result.stdout


@pytest.mark.full
def test_it_is_typed(added: tuple[Path, str]) -> None:
    result = call(added[0], "-m", "mypy", "--no-incremental")
    assert result.returncode == 0, result.stdout


@pytest.mark.full
def test_all_that_looks_at_every_option_passes(added: tuple[Path, str]) -> None:
    tests = ["test_conf.py", "test_pairs.py", "test_readme.py", "test_rehearsal.py", "test_own.py", "check"]
    tests += ["optimizer", "regularizer", "test_combination.py"]
    paths = [path for name in tests if (added[0] / (path := f"tests/{name}")).exists()]
    result = call(added[0], "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", *paths)
    assert result.returncode == 0, result.stdout
