"""Every mistake is one line that names the place and says what to do, before torch is imported."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.check.mistake import WORDS
from tests.check.mistake_choice import CHOICES
from tests.check.mistake_name import NAMES
from tests.check.mistake_together import TOGETHER
from tests.check.mistake_trainer import TRAINER
from tests.check.mistake_value import VALUES
from tests.conftest import CONF, PROJECT, run_train

# a line `$ words`, the exit code after it where it isn't 2, and the lines that are said; ` … ` is any text
TABLE = [
    (found[1], int(found[2] or 2), found[3].splitlines())
    for table in (WORDS, CHOICES, NAMES, VALUES, TRAINER, TOGETHER)
    for found in re.finditer(r"^\$ (.*?)(?:  # (\d))?\n((?:[^$].*\n)+)", table, re.MULTILINE)
]
PROGRAM = PROJECT / "train.py"
LACKING = "needs the package"
REMEDY = r"; .*|did you mean .*|(leave|write|add|see|choose|try|set) .*"
HEAVY = ("torch", "pytorch_lightning", "torchmetrics", "matplotlib", "tensorboard")
SITE = f"""\
import os, sys
def tell(event, told):
    if event == "import" and told[0] in {HEAVY}:
        os.write(2, told[0].encode() + b" is imported\\n")
        os._exit(99)
sys.addaudithook(tell)
"""


@pytest.fixture(scope="session")
def light(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder that has Python end where it imports a heavy package."""
    folder = tmp_path_factory.mktemp("light")
    (folder / "sitecustomize.py").write_text(SITE)
    return str(folder)


def matches(line: str, pattern: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, re.split(" … | …$", pattern))), line) is not None


def judge(
    folder: Path, code: int, said: list[str], *words: str, program: Path = PROGRAM, **variables: str
) -> None:
    result = run_train(folder, *words, program=program, **variables)
    require_lines(result.stderr.splitlines(), said)
    assert (result.returncode, result.stdout) == (code, "")
    assert list(folder.iterdir()) == []


def require_lines(lines: list[str], said: list[str]) -> None:
    told_of = any("pip install" in told or LACKING in told for told in said)
    if not told_of:  # what an option needs may be missing here
        lines = [line for line in lines if LACKING not in line]
    assert [line for line, told in zip(lines, said, strict=False) if not matches(line, told)] == []
    assert len(lines) == len(said), lines
    assert all(re.search(REMEDY, line) for line in lines), lines


@pytest.mark.parametrize("number", range(len(TABLE)), ids=[words for words, _, _ in TABLE])
def test_a_mistake_is_told(
    number: int,
    mistakes: Callable[..., str],
    tmp_path: Path,
    light: str,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    words, code, said = TABLE[number]
    told = shlex.split(words)
    # a process takes half a second: three of four only with --full
    if (
        number % 4 == 0
        or any(word.startswith(("-", "hydra.mode=")) for word in told)
        or request.config.getoption("--full")
    ):
        judge(tmp_path, code, said, *told, PYTHONPATH=light)
    else:
        monkeypatch.chdir(tmp_path)
        require_lines(mistakes(*told).splitlines(), said)


def test_an_import_of_torch_would_show(tmp_path: Path, light: str) -> None:
    result = run_train(tmp_path, "check=true", PYTHONPATH=light)
    assert result.stderr.endswith(" is imported\n")
    assert result.returncode == 99


def test_the_table_is_long_and_tells_nothing_twice() -> None:
    assert len({words for words, _, _ in TABLE}) == len(TABLE) >= 200


LONG = "x" * 10_000


@pytest.mark.parametrize(
    "word", [f"seed={LONG}", f"{LONG}=1", LONG, f"model={LONG}", f"seed=[{LONG}", f"seed={'9' * 400}"]
)
def test_a_long_word_is_told_in_short(word: str, tmp_path: Path, light: str) -> None:
    result = run_train(tmp_path, word, PYTHONPATH=light)
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert len(result.stderr) < 500


def spoiled(word: str) -> list[str]:
    """A word with a letter too few, two swapped, and one too many."""
    middle = len(word) // 2
    swapped = f"{word[: middle - 1]}{word[middle]}{word[middle - 1]}{word[middle + 1 :]}"
    return [word[:middle] + word[middle + 1 :], swapped, word[:middle] + word[middle - 1 :]]


OPTIONS = {
    folder.name: [path.stem for path in sorted(folder.glob("*.yaml"))]
    for folder in sorted(CONF.iterdir())
    if folder.is_dir() and folder.name != "hydra"
}


@pytest.mark.parametrize("group", OPTIONS)
def test_options_that_are_misspelt_are_told_one_by_one(group: str, tmp_path: Path, light: str) -> None:
    words = [word for option in OPTIONS[group][:2] for word in spoiled(option) if word not in OPTIONS[group]]
    said = [
        f"{group}={word}: no such option, expected one of {', '.join(OPTIONS[group])} …" for word in words
    ]
    said = [line.replace(" …", " … ") for line in said]
    judge(tmp_path, 2, said, *[f"{group}={word}" for word in words], PYTHONPATH=light)
